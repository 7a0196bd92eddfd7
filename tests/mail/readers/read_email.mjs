// What postal-mime reads in each of many emails, given as base64 on standard input in one JSON list:
// [{from, to, subject, date, messageId, headers: {name: value}, text}, …] as JSON. It wrote none of our emails.
import { readFileSync } from "node:fs";
import PostalMime from "postal-mime";

const read = async (encoded) => {
  const email = await PostalMime.parse(Buffer.from(encoded, "base64"));
  return {
    from: email.from.address,
    to: email.to.map((one) => one.address),
    subject: email.subject,
    date: email.date,
    messageId: email.messageId,
    headers: Object.fromEntries(email.headers.map((header) => [header.key, header.value])),
    text: email.text,
  };
};

const emails = JSON.parse(readFileSync(0, "utf8"));
process.stdout.write(JSON.stringify(await Promise.all(emails.map(read))));
