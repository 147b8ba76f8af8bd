// SPDX-License-Identifier: BSD-2-Clause
// component-schema-page.ts: docs/component-schema.md.
import { componentSchema, type JsonSchema } from './component-schema.js';
import { markdownTable } from './markdown.js';

const introduction = `# component.json

<!-- Made by \`npm run docs\` from ts/component/manifest-schema.ts. -->

A component is a folder with a \`component.json\`. Its result is one static archive, \`lib<name>.a\` with every \`/\` and
\`-\` of the name as \`_\`. Point an editor at the schema with
\`"$schema": "<path to rump>/component.schema.json"\`; an installed package offers it as
\`rumpkit/component.schema.json\`.

Files of the component's own are held to \`-std=c11 -Wall -Wextra -Werror\`; files of a source package
(\`sourceFiles\`) are compiled as they are, with \`sourceFlags\` added. Kernel components (every faction but \`host\`)
see \`rump/include\` and no header of the host.
`;

/** The page. */
export function componentSchemaPage(): string {
  const schema = componentSchema();
  const sections = Object.entries(schema.properties ?? {})
    .map(([name, field]) => [name, field.items?.properties === undefined ? field : field.items] as const)
    .filter(([, field]) => field.properties !== undefined)
    .map(([name, field]) => `\n## ${name}\n\n${fieldTable(field)}`);
  return `${introduction}\n## Fields\n\n${fieldTable(schema)}${sections.join('')}`;
}

function fieldTable(schema: JsonSchema): string {
  const rows = Object.entries(schema.properties ?? {}).map(([name, field]) => [
    `\`${name}\``,
    typeOf(field),
    schema.required?.includes(name) === true ? 'yes' : '',
    field.description ?? field.items?.description ?? '',
  ]);
  return markdownTable(['field', 'type', 'required', 'meaning'], rows);
}

function typeOf(field: JsonSchema): string {
  if (field.enum !== undefined) return field.enum.map((value) => `\`${value}\``).join(', ');
  if (field.type === 'array') return `list of ${typeOf(field.items ?? {})}`;
  return field.type ?? 'string';
}
