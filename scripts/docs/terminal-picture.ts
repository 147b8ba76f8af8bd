// SPDX-License-Identifier: BSD-2-Clause
// terminal-picture.ts: draws the text of standard input as a terminal window, as SVG on standard output:
//   npm run demo | tsx scripts/docs/terminal-picture.ts 'npm run demo' > docs/demo.svg
import { readFileSync } from 'node:fs';

const fontSize = 14;
const lineHeight = 20;
const charWidth = 8.43;
const padding = 20;
const titleHeight = 36;

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function drawLine(text: string, index: number): string {
  const y = titleHeight + padding + index * lineHeight;
  const colour = text.startsWith('$') ? '#7ee787' : '#e6edf3';
  return `  <text x="${padding}" y="${y}" fill="${colour}" xml:space="preserve">${escapeXml(text)}</text>`;
}

function drawTerminal(lines: readonly string[]): string {
  const width = Math.ceil(Math.max(...lines.map((line) => line.length)) * charWidth) + 2 * padding;
  const height = titleHeight + padding + lines.length * lineHeight;
  const buttons = ['#ff5f56', '#ffbd2e', '#27c93f'].map(
    (colour, index) =>
      `  <circle cx="${padding + index * 20}" cy="${titleHeight / 2}" r="6" fill="${colour}"/>`,
  );
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}"`,
    `  font-family="ui-monospace, Menlo, Consolas, monospace" font-size="${fontSize}">`,
    `  <rect width="${width}" height="${height}" rx="8" fill="#0d1117"/>`,
    ...buttons,
    ...lines.map(drawLine),
    '</svg>',
    '',
  ].join('\n');
}

const command = process.argv[2];
const input = readFileSync(0, 'utf8').trimEnd().split('\n');
// npm's own lines, which start with "> ", say nothing here.
const output = input
  .filter((line) => !line.startsWith('> '))
  .join('\n')
  .trim()
  .split('\n');
process.stdout.write(drawTerminal(command === undefined ? output : [`$ ${command}`, ...output]));
