#!/usr/bin/env bash
# Keeps one comment on a pull request up to date: review-comment.sh OWNER/REPO NUMBER FILE. Needs `gh` and GH_TOKEN.
# The comment is found by the marker in the file's first line, in comments of bots only: anybody may quote it.
set -euo pipefail

repository=$1 number=$2 file=$3
marker=$(head -n 1 "$file")
case $marker in
  '<!-- phone-migration review: '*' -->') ;;
  *) echo "$file does not begin with the marker of a review." >&2; exit 2 ;;
esac

export MARKER=$marker
id=$(gh api --paginate "repos/$repository/issues/$number/comments" \
  --jq '.[] | select(.user.type == "Bot" and (.body | startswith(env.MARKER))) | .id' | sed -n 1p)
if [ -n "$id" ]; then
  gh api --method PATCH "repos/$repository/issues/comments/$id" -F "body=@$file" --silent
else
  gh api --method POST "repos/$repository/issues/$number/comments" -F "body=@$file" --silent
fi
