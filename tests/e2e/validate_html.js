// Reads [[name, html, is admin page], …] from standard input and writes the errors as [[name, line, rule, message, selector], …].
const { HtmlValidate, StaticConfigLoader } = require("html-validate");

const ours = {
  // Django's HTML style, which users don't notice: trailing spaces, `<br />`, `<input disabled="">`, no <tbody>.
  "no-trailing-whitespace": "off",
  "void-style": "off",
  "attribute-boolean-style": "off",
  "attribute-empty-style": "off",
  "doctype-style": "off",
  "prefer-tbody": "off",
  "prefer-button": "off",
  "no-implicit-button-type": "off",
  // Not a rule of HTML: a long title is readable, and some contain the name of an email.
  "long-title": "off",
  // Every file comes from our own host, with a hash in its name.
  "require-sri": "off",
  // The checkboxes of a question share a name.
  "form-dup-name": ["error", { shared: ["radio", "checkbox", "submit", "button", "reset"] }],
  // A text block's id is its key, which has a slash: HTML allows it.
  "valid-id": ["error", { relaxed: true }],
  // A shared browser must not store the secret word.
  "autocomplete-password": "off",
  // A table displayed as blocks on a phone loses its roles, so the templates set them.
  "no-redundant-role": "off",
  // A script's button creates a passkey, and an empty list in the admin has a form without a button.
  "wcag/h32": "off",
};
// The admin uses Django's own templates for lists and forms.
const djangos = {
  "wcag/h63": "off", // a row's <th> without scope
  "wcag/h71": "off", // a fieldset named by a heading
  "wcag/h30": "off", // the empty link that removes a column from the sort order; it has a title
  "no-redundant-for": "off", // a label around its box that also has a for attribute
  "prefer-native-element": "off", // "Select all 120 texts" is a link with role=button, which its script looks for
  "unique-landmark": "off", // the dates above a list and the pages below it are unnamed <nav> elements
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
