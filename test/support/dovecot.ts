import { execFileSync, spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { createConnection } from 'node:net'
import { tmpdir, userInfo } from 'node:os'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { freePort } from '../../src/app/free-port.ts'
import type { CertificateFiles } from './certificates.ts'

/** A Dovecot of one test's own: anybody signs in with the password `secret`. */
export interface Dovecot {
  /** STARTTLS where it has a certificate, else in clear. */
  readonly port: number
  /** TLS from the start; answers only with a certificate. */
  readonly tlsPort: number
  start(): Promise<void>
  /** Ends it as a machine that goes down does: every connection breaks. */
  stop(): Promise<void>
  dispose(): Promise<void>
}

/** Dovecot refuses to run as root; Debian's PostgreSQL package made a user who may run anything here. */
const runner = (): { readonly name: string; readonly uid: number; readonly gid: number } => {
  if (process.getuid?.() !== 0) {
    const { username: name, uid, gid } = userInfo()
    return { name, uid, gid }
  }
  const idOf = (flag: string): number => Number(execFileSync('id', [flag, 'postgres'], { encoding: 'utf8' }))
  return { name: 'postgres', uid: idOf('-u'), gid: idOf('-g') }
}

const answers = (port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = createConnection({ port, host: '127.0.0.1' })
    socket.once('connect', () => resolve(true)).once('error', () => resolve(false))
    socket.once('connect', () => socket.destroy())
  })

/** The certificate's settings; its files are copied to where Dovecot's user may read them. */
const tlsSettings = (folder: string, own: { uid: number; gid: number }, files?: CertificateFiles): string => {
  if (files === undefined) return 'ssl = no'
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')]
  copyFileSync(files.certFile, cert)
  copyFileSync(files.keyFile, key)
  for (const path of [cert, key]) chownSync(path, own.uid, own.gid)
  return `ssl = yes\nssl_cert = <${cert}\nssl_key = <${key}`
}

/** From Debian's package dovecot-imapd. */
const program = 'dovecot'

/** Prepares a Dovecot, not started yet. */
export const createDovecot = async (files?: CertificateFiles): Promise<Dovecot> => {
  const folder = mkdtempSync(join(tmpdir(), 'tongda-dovecot-'))
  const own = runner()
  const { name, uid, gid } = own
  const [port, tlsPort] = [await freePort(), await freePort()]
  for (const each of ['', 'run', 'state', 'mail']) {
    mkdirSync(join(folder, each), { recursive: true })
    chownSync(join(folder, each), uid, gid)
  }
  chmodSync(folder, 0o755)
  const config = join(folder, 'dovecot.conf')
  const group = execFileSync('id', ['-gn', name], { encoding: 'utf8' }).trim()
  writeFileSync(
    config,
    `base_dir = ${folder}/run
state_dir = ${folder}/state
log_path = ${folder}/state/log
protocols = imap
listen = 127.0.0.1
${tlsSettings(folder, own, files)}
disable_plaintext_auth = no
default_internal_user = ${name}
default_internal_group = ${group}
default_login_user = ${name}
first_valid_uid = 1
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password=secret
}
userdb {
  driver = static
  args = uid=${name} gid=${group} home=${folder}/mail/%u
}
service imap-login {
  chroot =
  inet_listener imap {
    port = ${port}
  }
  inet_listener imaps {
    port = ${files === undefined ? 0 : tlsPort}
    ssl = yes
  }
}
service anvil {
  chroot =
}
namespace inbox {
  inbox = yes
  separator = /
  mailbox Sent {
    special_use = \\Sent
    auto = create
  }
}
`,
  )
  let running: ChildProcess | undefined
  const stop = async (): Promise<void> => {
    if (running === undefined) return
    const ended = once(running, 'exit')
    // Its whole process group: sessions outlive a master that is asked politely.
    if (running.pid !== undefined) process.kill(-running.pid, 'SIGKILL')
    await ended
    running = undefined
  }
  return {
    port,
    tlsPort,
    start: async () => {
      // Debian keeps it where ordinary users do not look.
      const env = { ...process.env, PATH: `${process.env.PATH ?? ''}:/usr/sbin` }
      running = spawn(program, ['-F', '-c', config], {
        uid,
        gid,
        env,
        stdio: 'ignore',
        detached: true,
      })
      while (!(await answers(port))) {
        if (running.exitCode !== null) throw new Error('dovecot did not start')
        await sleep(50)
      }
    },
    stop,
    dispose: async () => {
      await stop()
      rmSync(folder, { recursive: true, force: true })
    },
  }
}
