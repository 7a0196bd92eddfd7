// Reads [[name, html, whether the admin shows it], …] from standard input and writes [[name, line, rule, message, selector], …] of what is wrong.
const { HtmlValidate, StaticConfigLoader } = require("html-validate");

const ours = {
  // How Django writes HTML, and no reader notices: spaces at line ends, `<br />`, `<input disabled="">`, no <tbody>.
  "no-trailing-whitespace": "off",
  "void-style": "off",
  "attribute-boolean-style": "off",
  "attribute-empty-style": "off",
  "doctype-style": "off",
  "prefer-tbody": "off",
  "prefer-button": "off",
  "no-implicit-button-type": "off",
  // Beyond HTML's own rules: the length of a title cuts no meaning, and an email's name stands in some.
  "long-title": "off",
  // Every file comes from our own host, named by its digest.
  "require-sri": "off",
  // Several boxes of one question have one name.
  "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit", "button", "reset"] }],
  // A text block's id is its key, which has a slash: HTML allows it.
  "valid-id": ["error", { relaxed: true }],
  // The word that opens somebody's details is not to be kept by a browser that others use.
  "autocomplete-password": "off",
  // A table laid out as blocks on a phone loses its roles; they are written out, so that they stay.
  "no-redundant-role": "off",
  // A passkey is made by the button of a script, and the admin's list of nothing has a form without one.
  "wcag/h32": "off",
};
// The admin's lists and forms are Django's own templates.
const djangos = {
  "wcag/h63": "off", // a row's <th> without scope
  "wcag/h71": "off", // a fieldset named by a heading
  "wcag/h30": "off", // the empty link that takes a column out of the order; it has a title
  "no-redundant-for": "off", // a label around its box that also names it
  "prefer-native-element": "off", // "Select all 120 texts" is a link with the role of a button, which its script looks for
  "unique-landmark": "off", // the days above a list and the pages below it are each a nameless <nav>
};
const rulesFor = (rules) => ({
  root: true,
  extends: ["html-validate:recommended", "html-validate:document", "html-validate:a11y"],
  rules,
});
const validators = [ours, { ...ours, ...djangos }].map(
  (rules) => new HtmlValidate(new StaticConfigLoader(rulesFor(rules))),
);

const pages = JSON.parse(require("fs").readFileSync(0, "utf8"));
const found = [];
for (const [name, html, isAdmin] of pages) {
  for (const result of validators[isAdmin ? 1 : 0].validateStringSync(html).results) {
    for (const m of result.messages) found.push([name, m.line, m.ruleId, m.message, m.selector]);
  }
}
process.stdout.write(JSON.stringify(found));
