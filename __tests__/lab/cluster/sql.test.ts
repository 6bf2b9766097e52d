import { query } from "../../../lab/cluster/database/sql";

const tables = {
  a: {
    columns: ["id", "name"],
    rows: [
      { id: "1", name: "one" },
      { id: "2", name: "Two's" },
      { id: "3", name: null },
    ],
  },
  b: {
    columns: ["id", "fka"],
    rows: [
      { id: "10", fka: "1" },
      { id: "11", fka: "1" },
    ],
  },
};
const rows = (sql: string) => query(sql, tables).rows.map((row) => row.join(" "));

describe("SELECT", () => {
  it.each([
    ["select name from a where id='1'", ["one"]],
    ["SELECT * FROM a WHERE name LIKE '%o%' ORDER BY id DESC;", ["2 Two's", "1 one"].slice(0, 2)],
    ["select id from a where name = 'Two''s'", ["2"]],
    ["select id from a where name is null or id in ('1')", ["1", "3"]],
    ["select id from a where not (id = '1' or id <> '3')", ["3"]],
    ["select a.name, b.id from a inner join b on b.fka = a.id", ["one 10", "one 11"]],
    ["select a.id, b.id from a left outer join b on b.fka=a.id where b.id is null", ["2 ", "3 "]],
    ["select x.id, y.id from a x, b y where y.fka = x.id and y.id = '11'", ["1 11"]],
    ["select count(*) from a", ["3"]],
    ["select distinct fka from b", ["1"]],
    ["select first 1 id from b", ["10"]],
    ["select upper(name) shout from a where lower(name) = 'one'", ["ONE"]],
  ])("%s", (sql, expected) => {
    expect(rows(sql)).toEqual(expected);
  });

  it("names its columns", () => {
    expect(query("select a.name as n, id from a", tables).columns).toEqual(["n", "id"]);
  });

  it.each([
    ["update a set name = 'x'", "A syntax error has occurred."],
    ["select name from a where", "A syntax error has occurred."],
    ["select name from c", "The specified table (c) is not in the database."],
    ["select nothing from a", "Column (nothing) not found"],
    ["select id from a, b", "Ambiguous column (id)."],
    ["select name from a where `x`", "A syntax error has occurred."],
  ])("%s is refused", (sql, message) => {
    expect(() => query(sql, tables)).toThrow(message);
  });
});
