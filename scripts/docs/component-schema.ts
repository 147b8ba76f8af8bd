// SPDX-License-Identifier: BSD-2-Clause
// component-schema.ts: the published JSON schema of component.json, from the one that the code checks with.
import { toJsonSchema } from '@valibot/to-json-schema';
import { manifestSchema } from '../../ts/component/manifest-schema.js';

/** A JSON schema as far as the pages need it. */
export interface JsonSchema {
  title?: string;
  description?: string;
  type?: string;
  enum?: readonly string[];
  pattern?: string;
  items?: JsonSchema;
  properties?: Record<string, JsonSchema>;
  required?: readonly string[];
}

/** The schema as an object. */
export function componentSchema(): JsonSchema {
  const schema = toJsonSchema(manifestSchema, { typeMode: 'input' }) as JsonSchema;
  return { ...schema, title: 'A component of rumpkit' };
}

/** The schema as the file holds it. */
export function componentSchemaText(): string {
  return `${JSON.stringify(componentSchema(), null, 2)}\n`;
}
