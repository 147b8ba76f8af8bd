// SPDX-License-Identifier: BSD-2-Clause
// graph-text.ts: draws a component graph as text for Graphviz, Mermaid, or as SVG.
import { RumpError } from '../errors.js';
import type { ComponentGraph } from './resolve.js';

/** Formats that a graph can be drawn in. */
export const graphFormats = ['dot', 'mermaid', 'svg'] as const;

/** A format of graphs. */
export type GraphFormat = (typeof graphFormats)[number];

const colours: Record<string, string> = {
  kern: '#f4d9b0',
  vfs: '#cfe3f7',
  net: '#d6efd2',
  dev: '#e9d9f2',
  host: '#e4e4e4',
};

/** Draws the graph; an arrow leads from a component to what it requires. */
export async function drawGraph(graph: ComponentGraph, format: GraphFormat): Promise<string> {
  if (format === 'dot') return graphToDot(graph);
  if (format === 'mermaid') return graphToMermaid(graph);
  return await dotToSvg(graphToDot(graph));
}

/** The graph in Graphviz's language. */
export function graphToDot({ components }: ComponentGraph): string {
  const nodes = components.map(
    ({ manifest }) => `  "${manifest.name}" [fillcolor="${colours[manifest.faction] ?? 'white'}"];`,
  );
  const edges = components.flatMap(({ manifest }) =>
    manifest.requires.map((required) => `  "${manifest.name}" -> "${required}";`),
  );
  const style = '  node [shape=box, style="rounded,filled", fontname="sans-serif"];';
  return ['digraph components {', style, ...nodes, ...edges, '}', ''].join('\n');
}

/** The graph in Mermaid's language. */
export function graphToMermaid({ components }: ComponentGraph): string {
  const id = (name: string): string => name.replaceAll(/[^a-z0-9]/g, '_');
  const nodes = components.map(({ manifest }) => `  ${id(manifest.name)}["${manifest.name}"]`);
  const edges = components.flatMap(({ manifest }) =>
    manifest.requires.map((required) => `  ${id(manifest.name)} --> ${id(required)}`),
  );
  return ['graph TD', ...nodes, ...edges, ''].join('\n');
}

async function dotToSvg(dot: string): Promise<string> {
  const { instance } = await loadGraphviz();
  return (await instance()).renderString(dot, { format: 'svg' });
}

async function loadGraphviz(): Promise<typeof import('@viz-js/viz')> {
  try {
    return await import('@viz-js/viz');
  } catch (error) {
    throw new RumpError('RUMP_EXEC_NOT_FOUND', '@viz-js/viz, which draws SVG, is not installed', {
      remedy: 'Install it (npm install @viz-js/viz), or use --graph dot or --graph mermaid.',
      cause: error,
    });
  }
}
