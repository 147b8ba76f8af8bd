// SPDX-License-Identifier: BSD-2-Clause
// net-names.test.ts: kernel.dns asks a real server (dnsmasq) through the user network, and is told what node:dns is
// told by the same one; then servers that lie, do not answer, or cannot.
import { expect } from 'chai';
import { encode, streamEncode, type Packet, type RecordType } from 'dns-packet';
import { execFile, spawn, type ChildProcess } from 'node:child_process';
import type { RemoteInfo, Socket as DatagramSocket } from 'node:dgram';
import * as nodeDns from 'node:dns';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { promisify } from 'node:util';
import { boot, type Kernel, type KernelDns } from '../../ts/kernel/index.js';

const long = Array.from({ length: 12 }, (_, index) => `${index}-${'x'.repeat(200)}`);
const records = [
  '--host-record=host.example,10.1.2.3,fd00::3',
  '--host-record=four.example,10.1.2.4',
  '--mx-host=host.example,mail.example,10',
  '--txt-record=host.example,one,two words',
  `--txt-record=long.example,${long.join(',')}`,
  '--srv-host=_web._tcp.example,host.example,8080,1,2',
  '--naptr-record=host.example,100,10,u,sip,!^.*$!sip:info@example!',
  '--caa-record=host.example,0,issue,ca.example',
  '--cname=alias.example,host.example',
  '--ptr-record=4.2.1.10.in-addr.arpa,pointed.example',
];

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

type Outcome = { value: unknown } | { error: Record<string, unknown> };
const outcomeOf = async (call: Promise<unknown>): Promise<Outcome> => {
  try {
    return { value: await call };
  } catch (error) {
    const { code, syscall, hostname, message } = error as NodeJS.ErrnoException & { hostname: string };
    return { error: { code, syscall, hostname, message } };
  }
};

describe('names', function () {
  this.timeout(300_000);
  let kernel: Kernel;
  let process_: ChildProcess;
  let ours: nodeDns.promises.Resolver;
  let nodes: nodeDns.promises.Resolver;
  let dns: KernelDns;
  let port: number;
  let forwarded: number;

  before(async () => {
    port = await freePort();
    forwarded = await freePort();
    process_ = spawn(
      'dnsmasq',
      [
        '--keep-in-foreground',
        '--conf-file=/dev/null',
        '--pid-file=',
        '--user=',
        `--port=${port}`,
        '--listen-address=127.0.0.1',
        '--bind-interfaces',
        '--no-resolv',
        '--no-hosts',
        '--local=/example/',
        '--log-facility=-',
        ...records,
      ],
      { stdio: ['ignore', 'ignore', 'pipe'] },
    );
    await once(process_.stderr as NodeJS.ReadableStream, 'data');
    kernel = await boot({ components: ['net/inet', 'net/virtif'] });
    await kernel.interfaces.add({ type: 'user', forwards: [`udp:127.0.0.1:${forwarded}-:53`] });
    dns = kernel.dns;
    ours = new dns.promises.Resolver();
    ours.setServers([`10.0.2.2:${port}`]);
    nodes = new nodeDns.promises.Resolver();
    nodes.setServers([`127.0.0.1:${port}`]);
  });
  after(async () => {
    process_.kill();
    await kernel.shutdown();
  });

  const questions: [string, (resolver: nodeDns.promises.Resolver) => Promise<unknown>][] = [
    ['A', (resolver) => resolver.resolve4('host.example')],
    ['A with times', (resolver) => resolver.resolve4('host.example', { ttl: true })],
    ['AAAA', (resolver) => resolver.resolve6('host.example')],
    ['A behind a CNAME', (resolver) => resolver.resolve('alias.example')],
    ['CNAME', (resolver) => resolver.resolveCname('alias.example')],
    ['MX', (resolver) => resolver.resolveMx('host.example')],
    ['TXT', (resolver) => resolver.resolveTxt('host.example')],
    ['TXT that a datagram is too small for', (resolver) => resolver.resolveTxt('long.example')],
    ['SRV', (resolver) => resolver.resolveSrv('_web._tcp.example')],
    ['NAPTR', (resolver) => resolver.resolveNaptr('host.example')],
    ['CAA', (resolver) => resolver.resolveCaa('host.example')],
    ['PTR', (resolver) => resolver.resolvePtr('4.2.1.10.in-addr.arpa')],
    ['reverse, IPv4', (resolver) => resolver.reverse('10.1.2.3')],
    ['reverse, IPv6', (resolver) => resolver.reverse('fd00::3')],
    ['names in capitals', (resolver) => resolver.resolve4('HOST.example')],
    ['no such name', (resolver) => resolver.resolve4('nobody.example')],
    ['no such record', (resolver) => resolver.resolve6('four.example')],
    ['a name of nobody here', (resolver) => resolver.resolveMx('host.elsewhere')],
    ['a label that is too long', (resolver) => resolver.resolve4(`${'l'.repeat(64)}.example`)],
    ['an empty label', (resolver) => resolver.resolve4('a..example')],
    ['reverse of what is no address', (resolver) => resolver.reverse('host.example')],
    ['reverse of an address without a name', (resolver) => resolver.reverse('10.9.9.9')],
  ];
  for (const [title, ask] of questions) {
    it(title, async () => {
      const expected = await outcomeOf(ask(nodes));
      expect(await outcomeOf(ask(ours))).to.deep.equal(expected);
    });
  }

  it('with callbacks, and arguments that are wrong', async () => {
    const resolver = new dns.Resolver({ timeout: 2000, tries: 2 });
    resolver.setServers(ours.getServers());
    expect(await promisify(resolver.resolve4.bind(resolver))('four.example')).to.deep.equal(['10.1.2.4']);
    expect(() => {
      resolver.resolve4(5 as unknown as string, () => undefined);
    })
      .to.throw(TypeError)
      .with.property('code', 'ERR_INVALID_ARG_TYPE');
    expect(() => {
      resolver.resolve('x', 'WRONG' as 'A', () => undefined);
    })
      .to.throw(TypeError)
      .with.property('code', 'ERR_INVALID_ARG_VALUE');
    expect(() => {
      resolver.setServers(['no address']);
    })
      .to.throw(TypeError)
      .with.property('code', 'ERR_INVALID_IP_ADDRESS');
    expect(() => new dns.Resolver({ tries: 0 })).to.throw(RangeError);
  });

  it('lookup, and connections to names', async () => {
    expect(dns.getServers()).to.deep.equal(['10.0.2.3']);
    dns.setServers(ours.getServers());
    const { lookup } = dns.promises;
    expect(await lookup('host.example')).to.deep.equal({ address: '10.1.2.3', family: 4 });
    expect(await lookup('host.example', 6)).to.deep.equal({ address: 'fd00::3', family: 6 });
    expect(await lookup('host.example', { all: true })).to.deep.equal([
      { address: '10.1.2.3', family: 4 },
      { address: 'fd00::3', family: 6 },
    ]);
    expect(await lookup('localhost')).to.deep.equal({ address: '127.0.0.1', family: 4 });
    expect(await lookup('fe80::1')).to.deep.equal({ address: 'fe80::1', family: 6 });
    expect(await outcomeOf(lookup('nobody.example'))).to.deep.equal({
      error: {
        code: 'ENOTFOUND',
        syscall: 'getaddrinfo',
        hostname: 'nobody.example',
        message: 'getaddrinfo ENOTFOUND nobody.example',
      },
    });
    expect(await dns.promises.lookupService('10.1.2.3', 80)).to.deep.equal({
      hostname: 'host.example',
      service: 'http',
    });
    const socket = kernel.net.connect({ port: 9, host: 'four.example' });
    const [, address] = (await once(socket, 'lookup')) as [null, string];
    expect(address).to.equal('10.1.2.4');
    socket.destroy();
    const error = await outcomeOf(once(kernel.net.connect({ port: 9, host: 'nobody.example' }), 'connect'));
    expect(error).to.have.nested.property('error.code', 'ENOTFOUND');
  });

  describe('servers of ours', () => {
    let server: DatagramSocket;
    let answerWith: (query: Buffer, from: RemoteInfo) => Buffer[];
    let listener: Server;
    let overTcp = 0;
    const question = { name: 'host.example', type: 'A' as RecordType };
    const answer = (query: Buffer, more: Partial<Packet> = {}): Packet => ({
      type: 'response',
      id: query.readUInt16BE(0),
      questions: [question],
      answers: [{ ...question, type: 'A', ttl: 5, data: '10.5.5.5' }],
      ...more,
    });
    const resolver = (options = {}): nodeDns.promises.Resolver => {
      const made = new dns.promises.Resolver(options);
      made.setServers(['127.0.0.1']);
      return made;
    };
    before(async () => {
      server = kernel.dgram.createSocket('udp4');
      server.on('message', (query, from) => {
        for (const bytes of answerWith(query, from)) server.send(bytes, from.port, from.address);
      });
      server.bind(53);
      await once(server, 'listening');
      listener = kernel.net.createServer((socket) => {
        socket.on('data', (query) => {
          overTcp++;
          socket.end(streamEncode(answer(query.subarray(2))));
        });
      });
      listener.listen(53);
      await once(listener, 'listening');
    });
    after(() => {
      server.close();
      listener.close();
    });

    it('what is no answer is not listened to', async () => {
      const loop = (query: Buffer): Buffer => {
        const bytes = encode(answer(query));
        // The name of the question points to itself.
        bytes.writeUInt16BE(0xc00c, 12);
        return bytes;
      };
      const garbage: ((query: Buffer) => Buffer)[] = [
        () => Buffer.alloc(0),
        () => Buffer.alloc(700, 0xff),
        (query) => query,
        loop,
        (query) => encode(answer(query)).subarray(0, 30),
        (query) => encode(answer(query, { id: query.readUInt16BE(0) ^ 1 })),
        (query) => encode(answer(query, { questions: [{ name: 'other.example', type: 'A' }] })),
        (query) => encode(answer(query, { questions: [{ name: 'host.example', type: 'MX' }] })),
      ];
      for (let seed = 1; seed < 200; seed++) {
        garbage.push((query) => {
          const bytes = encode(answer(query));
          for (let at = 2, random = seed; at < bytes.length; at += 1 + (random % 9)) {
            random = (random * 1_103_515_245 + 12_345) & 0x7fff_ffff;
            bytes[at] = random >> 8;
          }
          // What is not recognised by its question has another number.
          bytes.writeUInt16BE(query.readUInt16BE(0) ^ 0x5555, 0);
          return bytes;
        });
      }
      answerWith = (query) => [...garbage.map((make) => make(query)), encode(answer(query))];
      expect(await resolver().resolve4('host.example')).to.deep.equal(['10.5.5.5']);
      answerWith = (query) => garbage.map((make) => make(query));
      const outcome = await outcomeOf(resolver({ timeout: 50, tries: 2 }).resolve4('host.example'));
      expect(outcome).to.have.nested.property('error.code', 'ETIMEOUT');
    });

    it('an answer that is cut off is asked for by TCP', async () => {
      answerWith = (query) => [encode(answer(query, { flags: 0x200, answers: [] }))];
      overTcp = 0;
      expect(await resolver().resolve4('host.example')).to.deep.equal(['10.5.5.5']);
      expect(overTcp).to.equal(1);
    });

    it('what servers say of themselves', async () => {
      const codes = [];
      for (const rcode of [1, 2, 3, 4, 5]) {
        answerWith = (query) => [encode(answer(query, { flags: rcode, answers: [] }))];
        const outcome = await outcomeOf(resolver({ tries: 1 }).resolve4('host.example'));
        codes.push('error' in outcome ? outcome.error['code'] : outcome);
      }
      expect(codes).to.deep.equal(['EFORMERR', 'ESERVFAIL', 'ENOTFOUND', 'ENOTIMP', 'EREFUSED']);
    });

    it('every query has another number and another port', async () => {
      const seen = new Set<string>();
      answerWith = (query, from) => {
        seen.add(`${query.readUInt16BE(0)} ${from.port}`);
        return [encode(answer(query))];
      };
      for (let count = 0; count < 20; count++) await resolver().resolve4('host.example');
      expect(seen.size).to.equal(20);
    });

    it('SOA, NS and everything', async () => {
      const soa = {
        mname: 'ns.example',
        rname: 'root.example',
        serial: 1,
        refresh: 2,
        retry: 3,
        expire: 4,
        minimum: 5,
      };
      const name = 'host.example';
      answerWith = (query) => [
        encode(
          answer(query, {
            questions: [{ name, type: ['SOA', 'NS', 'ANY'][asked++] as RecordType }],
            answers: [
              { name, type: 'SOA', ttl: 1, data: soa },
              { name, type: 'NS', ttl: 1, data: 'ns.example' },
              { name, type: 'TXT', ttl: 1, data: ['a', 'b'] },
              { name, type: 'A', ttl: 1, data: '1.2.3.4' },
            ],
          }),
        ),
      ];
      let asked = 0;
      const { mname: nsname, rname: hostmaster, minimum: minttl, ...others } = soa;
      expect(await resolver().resolveSoa(name)).to.deep.equal({ nsname, hostmaster, ...others, minttl });
      expect(await resolver().resolveNs(name)).to.deep.equal(['ns.example']);
      expect(await resolver().resolveAny(name)).to.deep.equal([
        { nsname, hostmaster, ...others, minttl, type: 'SOA' },
        { value: 'ns.example', type: 'NS' },
        { entries: ['a', 'b'], type: 'TXT' },
        { address: '1.2.3.4', ttl: 1, type: 'A' },
      ]);
    });

    it('cancel, and nobody to ask', async () => {
      answerWith = () => [];
      const silent = resolver();
      const outcome = outcomeOf(silent.resolve4('host.example'));
      setImmediate(() => {
        silent.cancel();
      });
      expect(await outcome).to.have.nested.property('error.code', 'ECANCELLED');
      const nobody = new dns.promises.Resolver();
      nobody.setServers([]);
      expect(await outcomeOf(nobody.resolve4('host.example'))).to.have.nested.property(
        'error.code',
        'ECONNREFUSED',
      );
    });

    it('dig asks a server on kernel.dgram', async () => {
      answerWith = (query) => [encode(answer(query))];
      const { stdout } = await promisify(execFile)('dig', [
        '+noedns',
        '+short',
        '-p',
        String(forwarded),
        '@127.0.0.1',
        'host.example',
      ]);
      expect(stdout).to.equal('10.5.5.5\n');
    });
  });
});
