// The other end of a connection, spoken by Node. Commands and answers are those of Peer.java beside it.
'use strict';
const fs = require('fs');
const readline = require('readline');
const tls = require('tls');

const PATIENCE = 30000;
const trusted = fs.readFileSync(process.argv[2]);

function credentials(certificate) {
  if (certificate === '-') {
    return {};
  }
  const pem = fs.readFileSync(certificate);
  return { key: pem, cert: pem };
}

// Settles once, whatever happens first.
function attempt(begin) {
  return new Promise((resolve) => {
    begin((version) => resolve('done ' + version), (problem) => resolve('failed ' + String(problem).replace(/\n/g, ' ')));
  });
}

function serve(version, certificate, wantsCertificate) {
  return attempt((done, failed) => {
    const server = tls.createServer({
      ...credentials(certificate), minVersion: version, maxVersion: version, ca: trusted,
      requestCert: wantsCertificate === '1', rejectUnauthorized: wantsCertificate === '1',
    }, (connection) => {
      const spoken = connection.getProtocol();
      connection.setTimeout(PATIENCE, () => connection.destroy(new Error('timed out')));
      connection.on('error', failed);
      connection.on('data', (data) => connection.write(data));
      connection.on('close', () => { server.close(); done(spoken); });
    });
    server.on('tlsClientError', (problem) => { server.close(); failed(problem); });
    server.listen(0, '127.0.0.1', () => console.log('port ' + server.address().port));
  });
}

function connect(port, version, certificate, count) {
  return attempt((done, failed) => {
    const sent = Buffer.alloc(Number(count));
    sent.forEach((_, index) => { sent[index] = index * 31 + (index >> 8); });
    const received = [];
    let length = 0;
    const connection = tls.connect({
      ...credentials(certificate), host: '127.0.0.1', port: Number(port), servername: 'localhost',
      minVersion: version, maxVersion: version, ca: trusted,
    }, () => connection.write(sent));
    connection.setTimeout(PATIENCE, () => connection.destroy(new Error('timed out')));
    connection.on('error', failed);
    connection.on('close', () => failed(new Error('closed')));
    connection.on('data', (data) => {
      received.push(data);
      length += data.length;
      if (length >= sent.length) {
        const spoken = connection.getProtocol();
        connection.end();
        if (Buffer.concat(received).equals(sent)) {
          done(spoken);
        } else {
          failed(new Error('other bytes came back'));
        }
      }
    });
  });
}

async function main() {
  console.log('ready ' + process.version);
  for await (const line of readline.createInterface({ input: process.stdin })) {
    const [command, ...words] = line.split(' ');
    console.log(await (command === 'serve' ? serve(...words) : connect(...words)));
  }
}

main();
