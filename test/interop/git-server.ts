// SPDX-License-Identifier: BSD-2-Clause
// git-server.ts: serves a repository of the host over HTTP, to be cloned: Git's "smart" protocol, which git
// upload-pack speaks by itself.
import { execFileSync, spawn } from 'node:child_process';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createGunzip } from 'node:zlib';

/** A server of one repository. */
export interface GitServer {
  url: string;
  close(): Promise<void>;
}

/** Starts it, on the loopback interface. */
export async function serveRepository(repository: string): Promise<GitServer> {
  const server = createServer((request, response) => {
    if (request.method === 'GET') advertise(repository, response);
    else uploadPack(repository, request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}/repository.git`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

function advertise(repository: string, response: ServerResponse): void {
  const service = '# service=git-upload-pack\n';
  const length = (service.length + 4).toString(16).padStart(4, '0');
  const refs = execFileSync('git', ['upload-pack', '--stateless-rpc', '--advertise-refs', repository]);
  response.setHeader('Content-Type', 'application/x-git-upload-pack-advertisement');
  response.end(Buffer.concat([Buffer.from(`${length}${service}0000`), refs]));
}

function uploadPack(repository: string, request: IncomingMessage, response: ServerResponse): void {
  const git = spawn('git', ['upload-pack', '--stateless-rpc', repository], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  response.setHeader('Content-Type', 'application/x-git-upload-pack-result');
  const isPacked = request.headers['content-encoding'] === 'gzip';
  (isPacked ? request.pipe(createGunzip()) : request).pipe(git.stdin);
  git.stdout.pipe(response);
}
