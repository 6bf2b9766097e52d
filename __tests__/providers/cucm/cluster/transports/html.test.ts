import fc from "fast-check";
import { pageText, readPage } from "../../../../../providers/cucm/cluster/transports/html";

describe("readPage", () => {
  it("reads rows with their cells and links, those of inner tables too", () => {
    const { rows } = readPage(
      `<TABLE><tr><td><a href="home.do">Home</a><table>
       <tr class=odd><td nowrap>CallManager-trust</td><td><A HREF='edit.do?a=1&amp;b=2'>CAPF-3620&shy;.pem </A>
       <tr><td>no</td><td>link</td></tr></table></td></tr></TABLE>`,
    );
    expect(rows).toEqual([
      { cells: ["Home"], links: [{ href: "home.do", text: "Home" }] },
      {
        cells: ["CallManager-trust", "CAPF-3620&shy;.pem"],
        links: [{ href: "edit.do?a=1&b=2", text: "CAPF-3620&shy;.pem" }],
      },
      { cells: ["no", "link"], links: [] },
    ]);
  });

  it("reads a form as a browser would send it", () => {
    const [form] = readPage(
      `<form ACTION="/cmplatform/up.do?x=1" method=post enctype="multipart/form-data">
       <input type="hidden" name="token" value="a&quot;b"><input name=note value=""/><input type=checkbox name=c value=1>
       <input type="file" name="FILE"><select name="NAME"><option value="tomcat">Tomcat<option selected>CAPF-trust</option></select>
       <input type=button name=script value="Script"><input type="submit" name="go" value="Upload File">
       <button>Send <b>it</b></button><button type="button">Not this</button></form>`,
    ).forms;
    expect(form).toEqual({
      action: "/cmplatform/up.do?x=1",
      method: "POST",
      fields: [
        ["token", 'a"b'],
        ["note", ""],
      ],
      names: new Set(["token", "note", "c", "FILE", "NAME", "script", "go"]),
      selects: new Map([
        [
          "NAME",
          [
            { value: "tomcat", text: "Tomcat" },
            { value: "CAPF-trust", text: "CAPF-trust" },
          ],
        ],
      ]),
      buttons: [
        { name: "go", value: "Upload File", label: "Upload File" },
        { name: "", value: "", label: "Send it" },
      ],
    });
  });

  it("takes nothing from scripts, styles and comments", () => {
    const page = readPage(
      `<script>if (a<b) document.write("<a href='/x'>Delete</a>")</SCRIPT><style>td{}</style><!-- <form> --><p>1 &lt; 2 < 3 &#65;&#x42;</p>`,
    );
    expect(page.links).toEqual([]);
    expect(page.forms).toEqual([]);
    expect(page.text).toBe("\n1 < 2 < 3 AB\n");
  });

  it.each([
    "<",
    "<a",
    "<a href",
    '<a href="',
    "<!--",
    "<script>",
    "<td>x</td><option>y</select></form></a>",
    "&#9999999;",
    "&#0;&amp",
  ])("takes %j as it comes", (html) => {
    expect(() => readPage(html)).not.toThrow();
  });

  it("takes anything, and a lot of it", () => {
    const piece = fc.oneof(
      fc.constantFrom(
        "<a ",
        "href=",
        '"',
        "'",
        "<tr>",
        "<td",
        ">",
        "</",
        "<!--",
        "-->",
        "<script>",
        "&#",
        ";",
        "=",
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 60 }), (pieces) => {
        expect(typeof pageText(pieces.join(""))).toBe("string");
      }),
    );
    // Quadratic work would end in the test's time limit.
    for (const part of [
      "<a ",
      "<a\t\t x",
      "<td><a href='",
      "<!--",
      "<script>",
      "&#",
      "<form><select><option>",
      "x= ",
    ])
      pageText(part.repeat(200_000));
  });
});
