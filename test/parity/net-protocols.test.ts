// SPDX-License-Identifier: BSD-2-Clause
// net-protocols.test.ts: HTTP and TLS of Node and undici over these sockets.
import { expect } from 'chai';
import { execFileSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import type { Socket } from 'node:net';
import { join } from 'node:path';
import * as tls from 'node:tls';
import { Agent, fetch } from 'undici';
import type { KernelNet } from '../../ts/kernel/index.js';
import { makeScratchFolder } from '../helpers/scratch.js';
import { describeNetworks, errorOf, listenOn } from './net-subjects.js';

/** A key and a certificate that openssl makes for localhost. */
function makeCertificate(): { key: Buffer; cert: Buffer } {
  const folder = makeScratchFolder('certificate');
  const key = join(folder, 'key.pem');
  const cert = join(folder, 'cert.pem');
  const request = ['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'];
  const subject = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-days', '2'];
  execFileSync('openssl', [...request, '-keyout', key, '-out', cert, ...subject], { stdio: 'ignore' });
  return { key: readFileSync(key), cert: readFileSync(cert) };
}

describeNetworks('protocols', (getNet) => {
  let net: KernelNet;
  let certificate: { key: Buffer; cert: Buffer };
  before(() => {
    net = getNet();
    certificate = makeCertificate();
  });

  const bodyOf = async (response: http.IncomingMessage): Promise<string> => {
    let text = '';
    for await (const piece of response) text += String(piece);
    return text;
  };
  const serveHttp = async (
    listener: http.RequestListener,
  ): Promise<{ port: number; close: () => Promise<void> }> => {
    const server = http.createServer(listener);
    const carrier = net.createServer((socket) => server.emit('connection', socket));
    const port = await listenOn(carrier);
    const close = async (): Promise<void> => {
      const closed = once(carrier, 'close');
      carrier.close();
      server.closeAllConnections();
      await closed;
    };
    return { port, close };
  };
  const get = async (options: http.RequestOptions): Promise<http.IncomingMessage> =>
    new Promise((resolve, reject) => {
      http.get(options, resolve).on('error', reject);
    });

  it('http.createServer serves, http.Agent keeps connections', async () => {
    const { port, close } = await serveHttp((request, response) => {
      response.setHeader('from', String(request.socket.remotePort));
      response.end(`you asked for ${request.url ?? ''}`);
    });
    const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
    Object.assign(agent, { createConnection: net.connect });
    const ports = new Set<unknown>();
    for (let round = 0; round < 20; round++) {
      const response = await get({ port, host: '127.0.0.1', path: `/${round}`, agent });
      ports.add(response.headers['from']);
      expect([response.statusCode, await bodyOf(response)]).to.deep.equal([200, `you asked for /${round}`]);
    }
    expect(ports.size).to.equal(1);
    agent.destroy();
    await close();
  });

  it('large bodies go both ways', async function () {
    this.timeout(60_000);
    const { port, close } = await serveHttp((request, response) => {
      request.pipe(response);
    });
    const body = Buffer.alloc(20_000_000, 'abc');
    const request = http.request({
      port,
      host: '127.0.0.1',
      method: 'POST',
      createConnection: (options: object) => net.connect(options as never),
    });
    request.end(body);
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    const pieces: Buffer[] = [];
    for await (const piece of response) pieces.push(piece as Buffer);
    expect(Buffer.concat(pieces).equals(body)).to.equal(true);
    await close();
  });

  it('a server’s timeouts and upgrades work', async () => {
    const server = http.createServer({ connectionsCheckingInterval: 50 });
    server.headersTimeout = 100;
    server.requestTimeout = 200;
    server.on('upgrade', (_request, socket) => {
      socket.write('HTTP/1.1 101 Switching Protocols\r\nUpgrade: echo\r\nConnection: Upgrade\r\n\r\n');
      socket.pipe(socket);
    });
    const carrier = net.createServer((socket) => server.emit('connection', socket));
    const port = await listenOn(carrier);
    const request = http.request({
      port,
      host: '127.0.0.1',
      headers: { connection: 'Upgrade', upgrade: 'echo' },
      createConnection: (options: object) => net.connect(options as never),
    });
    request.end();
    const [, socket] = (await once(request, 'upgrade')) as [unknown, Socket];
    socket.write('ping');
    expect(String((await once(socket, 'data'))[0])).to.equal('ping');
    socket.destroy();
    carrier.close();
    await once(carrier, 'close');
    server.close();
  });

  it('fetch and undici work through an Agent', async () => {
    const { port, close } = await serveHttp((request, response) => {
      response.end(request.method);
    });
    const agent = new Agent({
      connect: (options, callback) => {
        const socket = net.connect(Number(options.port), options.hostname);
        socket.once('connect', () => {
          callback(null, socket);
        });
        socket.once('error', (error) => {
          callback(error, null);
        });
      },
    });
    const answers = await Promise.all(
      Array.from({ length: 30 }, async () => {
        const response = await fetch(`http://127.0.0.1:${port}/`, {
          dispatcher: agent,
          method: 'PUT',
          body: 'x',
        });
        return response.text();
      }),
    );
    expect(new Set(answers)).to.deep.equal(new Set(['PUT']));
    await agent.close();
    await close();
  });

  it('TLS goes over them, on both sides', async () => {
    const carrier = net.createServer({ allowHalfOpen: true }, (raw) => {
      const secure = new tls.TLSSocket(raw, { ...certificate, isServer: true });
      secure.pipe(secure);
    });
    const port = await listenOn(carrier);
    const raw = net.connect(port, '127.0.0.1');
    const client = tls.connect({ socket: raw, servername: 'localhost', ca: certificate.cert });
    await once(client, 'secureConnect');
    expect([client.authorized, client.getPeerCertificate().subject.CN]).to.deep.equal([true, 'localhost']);
    const sent = Buffer.alloc(3_000_000, 'secret');
    client.end(sent);
    const pieces: Buffer[] = [];
    for await (const piece of client) pieces.push(piece as Buffer);
    expect(Buffer.concat(pieces).equals(sent)).to.equal(true);
    carrier.close();
    await once(carrier, 'close');
  });

  it('HTTPS goes over them', async () => {
    const server = https.createServer(certificate, (request, response) => {
      response.end(`secure ${request.url ?? ''}`);
    });
    const carrier = net.createServer((raw) => server.emit('connection', raw));
    const port = await listenOn(carrier);
    const request = https.get({
      path: '/page',
      createConnection: () =>
        tls.connect({
          socket: net.connect(port, '127.0.0.1'),
          servername: 'localhost',
          ca: certificate.cert,
        }),
    });
    const [response] = (await once(request, 'response')) as [http.IncomingMessage];
    expect(await bodyOf(response)).to.equal('secure /page');
    const closed = once(carrier, 'close');
    carrier.close();
    server.closeAllConnections();
    await closed;
  });

  it('TLS refuses a certificate that nobody signed', async () => {
    const carrier = net.createServer((raw) => {
      new tls.TLSSocket(raw, { ...certificate, isServer: true }).on('error', () => undefined);
    });
    const port = await listenOn(carrier);
    const raw = net.connect(port, '127.0.0.1');
    const error = await errorOf(tls.connect({ socket: raw, servername: 'localhost' }));
    expect(error.code).to.equal('DEPTH_ZERO_SELF_SIGNED_CERT');
    carrier.close();
  });
});
