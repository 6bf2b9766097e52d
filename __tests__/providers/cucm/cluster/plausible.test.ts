import { DEFAULT_SPELLINGS } from "../../../../providers/cucm/cluster/config";
import { deleteCommands, pasteEnds } from "../../../../providers/cucm/cluster/plausible";

const lines = (works: boolean) =>
  deleteCommands("CAPF-trust", DEFAULT_SPELLINGS, works).map(({ spellings }) => JSON.stringify(spellings));

it("a delete is tried in every form, then with other units", () => {
  expect(lines(false)).toEqual([
    '{"delete_command":"set cert delete {unit} {file}"}',
    '{"delete_command":"set cert delete trust {store}/{file}"}',
    '{"delete_command":"set cert delete trust {unit} {file}"}',
    '{"delete_command":"set cert delete {unit} {file}","import_unit":{"CAPF-trust":"CAPF-trust"}}',
    '{"delete_command":"set cert delete trust {unit} {file}","import_unit":{"CAPF-trust":"CAPF-trust"}}',
  ]);
});

it("a form that has worked for a store whose unit is spelled like it may take either", () => {
  expect(lines(true)[0]).toBe('{"delete_command":"set cert delete {unit} {file}"}');
  const unit = { ...DEFAULT_SPELLINGS, deleteCommand: "set cert delete trust {unit} {file}" };
  const { spellings } = deleteCommands("Phone-SAST-trust", unit, true)[3]!;
  expect(spellings).toEqual({
    delete_command: "set cert delete trust {unit} {file}",
    import_unit: { "Phone-SAST-trust": "Phone-SAST" },
  });
});

it("who does not take an empty line does not take a newline either", () => {
  expect(pasteEnds("empty-line")[0]).toEqual({ spellings: { paste_end: "ctrl-d" } });
});
