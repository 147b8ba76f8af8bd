// SPDX-License-Identifier: BSD-2-Clause
// app.mts: an HTTP application on drivers of its own: TCP/IP in this process, its data on an FFS disk image.
import { createServer } from 'node:http';
import { boot } from 'rumpkit';

const kernel = await boot({ components: ['net/inet', 'net/virtif', 'fs/ffs'] });
await kernel.mount({ type: 'ffs', image: 'notes.img', at: '/notes', readOnly: false });
// Port 8089 of the host is port 80 of this kernel. No rights are needed.
await kernel.interfaces.add({ type: 'user', forwards: ['tcp:127.0.0.1:8089-:80'] });

const { readdir, readFile, writeFile } = kernel.fs.promises;

const http = createServer((request, response) => {
  const name = (request.url ?? '/').replaceAll(/[^\w-]/g, '');
  const answer = async (): Promise<string> => {
    if (name === '') return JSON.stringify(await readdir('/notes'));
    if (request.method !== 'PUT') return String(await readFile(`/notes/${name}`));
    await writeFile(`/notes/${name}`, request, { flush: true });
    return `${name} is kept\n`;
  };
  answer().then(
    (text) => response.end(text),
    (error: unknown) => response.writeHead(isMissing(error) ? 404 : 500).end(),
  );
});

function isMissing(error: unknown): boolean {
  return error instanceof Error && 'code' in error && error.code === 'ENOENT';
}

// http's own listen() would be the host's network: here each connection comes from the kernel's.
const server = kernel.net.createServer((socket) => http.emit('connection', socket));
server.listen(80);

process.once('SIGTERM', () => {
  void kernel.shutdown().then(() => process.exit(0));
});
