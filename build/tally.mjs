// Sums the reports of all test projects. usage: node tally.mjs CRASHED_PROJECTS REPORT.xml…
// Failed tests are shown with their messages, skipped ones by name and reason, and the seeds of those that draw their cases;
// the last line is the sum.
import fs from 'node:fs';

const [crashed, ...reports] = process.argv.slice(2);
const sum = { Pass: 0, Fail: Number(crashed), Skip: 0 };

const unescape = (text) => text
  .replace(/<!\[CDATA\[([\s\S]*?)\]\]>/g, '$1')
  .replace(/&lt;/g, '<').replace(/&gt;/g, '>').replace(/&quot;/g, '"').replace(/&apos;/g, "'")
  .replace(/&#x([0-9a-f]+);/gi, (_, hex) => String.fromCodePoint(parseInt(hex, 16))).replace(/&amp;/g, '&');
const within = (xml, tag) => unescape(xml.match(new RegExp(`<${tag}[^>]*>([\\s\\S]*?)</${tag}>`))?.[1] ?? '').trim();

// Lines of a test's output that begin with "seed ". Of several with the same seed the last one says what came of it.
const seeds = (output) => [...new Map(output.split(/\r?\n/).filter((line) => line.startsWith('seed '))
  .map((line) => [line.match(/^seed [^\s:,;]*/)[0], line])).values()];
const LONGEST = 240;

for (const report of reports.filter((path) => fs.existsSync(path))) {
  const xml = fs.readFileSync(report, 'utf8');
  for (const [, attributes, body = ''] of xml.matchAll(/<test ((?:[^>"]|"[^"]*")*?)(?:\/>|>([\s\S]*?)<\/test>)/g)) {
    const read = (name) => unescape(attributes.match(new RegExp(`${name}="([^"]*)"`))?.[1] ?? '');
    const result = read('result');
    if (result === 'Fail') {
      console.log(`FAILED  ${read('name')}\n${within(body, 'message')}\n${within(body, 'stack-trace')}\n`);
    } else if (result === 'Skip') {
      console.log(`SKIPPED ${read('name')}: ${within(body, 'reason')}`);
    } else if (result === 'NotRun') {
      // Explicit ones run only when they are asked for by name: neither passed nor failed, and said.
      console.log(`NOT RUN ${read('name')}: run on demand only`);
      continue;
    }
    for (const line of seeds(within(body, 'output'))) {
      console.log(`SEEDED  ${read('name')}: ${line.length > LONGEST ? `${line.slice(0, LONGEST)} …` : line}`);
    }
    sum[result in sum ? result : 'Fail'] += 1;
  }
  // An error outside of any test, such as a fixture that does not start.
  for (const [, error] of xml.matchAll(/<error [^>]*>([\s\S]*?)<\/error>/g)) {
    console.log(`FAILED  ${within(error, 'message')}\n`);
    sum.Fail += 1;
  }
}

console.log(`${sum.Pass} passed, ${sum.Fail} failed${sum.Skip > 0 ? `, ${sum.Skip} skipped` : ''}`);
process.exit(sum.Fail > 0 || sum.Pass === 0 ? 1 : 0);
