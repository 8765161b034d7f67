import type { Command } from 'commander'
import { createPeople, parseEmail, parseRole, type People, type PersonalLink } from '../app/people.ts'
import { createInProcessLimiters } from '../bus/index.ts'
import { createLinkedInvitations } from '../app/staff.ts'
import { masterKey } from '../app/store.ts'
import { publicUrlOf, type Config } from '../config.ts'
import { roles, type Agent } from '../core/agent.ts'
import { systemClock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import { createSignIn } from '../http/index.ts'
import { createAgentDirectory, createSealing, createSignInStores, type Database } from '../store/index.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'
import { withStore } from '../app/with-store.ts'

const peopleOn = (database: Database, config: Config, log: Logger): People => {
  const stores = createSignInStores(database, createSealing(masterKey(config)))
  return createPeople({
    agents: createAgentDirectory(database),
    signIn: createSignIn({ stores, clock: systemClock, log, limiters: createInProcessLimiters() }),
    invitations: createLinkedInvitations({ store: stores.invitations, clock: systemClock, log }),
    publicUrl: publicUrlOf(config.server),
    // Nobody hears the bus of a command; streams of nodes that run look by themselves within half a minute.
    tellEnded: () => undefined,
  })
}

const withPeople = (config: Config, work: (people: People) => Promise<void>): Promise<void> =>
  withStore(config, {
    here: (database, log) => peopleOn(database, config, log),
    there: ({ people }) => people,
    work,
  })

/** Needs no key, and makes none: in a restored installation the old one may be missing still. */
const listPeople = (config: Config): Promise<readonly Agent[]> =>
  withStore<Pick<People, 'list'>, readonly Agent[]>(config, {
    reads: true,
    here: createAgentDirectory,
    there: ({ people }) => people,
    work: (people) => people.list(),
  })

const printLink = ({ url, expiresAt }: PersonalLink, what = '一次性登录链接 one-time sign-in link'): void => {
  print(`${what} (有效至 until ${expiresAt.toISOString()}):`)
  print(url)
}

/** Adds what is done to how people sign in. */
const addInviting = (user: Command): void => {
  user
    .command('invite <email>')
    .description(
      '邀请同事并打印 7 天有效的链接 invite a colleague and print a link that is good for seven days; 对方自己设置姓名和密码 they choose name and password',
    )
    .option('-r, --role <role>', `角色之一 one of ${roles.join(', ')}`, 'agent')
    .action(async (email: string, options: { role: string }, command: Command) => {
      const person = { email: parseEmail(email), role: parseRole(options.role) }
      await withPeople(loadConfig(command), async (people) =>
        printLink(await people.invite(person), '邀请链接 invitation'),
      )
    })

  user
    .command('reset-totp <email>')
    .description(
      '撤销一个人的两步验证 take down somebody’s second step; 手机和恢复码都丢了时用 for who lost phone and recovery codes',
    )
    .action(async (email: string, _options: unknown, command: Command) => {
      await withPeople(loadConfig(command), async (people) => {
        const { name, email: address } = await people.resetTotp(email)
        print(
          `✓ ${name} <${address}> 已退出登录，下次只凭密码登录 is signed out and signs in with the password alone`,
        )
      })
    })
}

/** Adds `tongda user`. */
export const addUser = (program: Command): void => {
  const user = program
    .command('user')
    .description(
      '可以登录工作台的人 people who may sign in to the desk; 产品运行时也可用 works while the product runs',
    )

  user
    .command('add <email>')
    .description('添加客服并打印一次性登录链接 add an agent and print a one-time sign-in link')
    .requiredOption('-n, --name <name>', '同事和用户看到的名字 name as colleagues and contacts see it')
    .option('-r, --role <role>', `角色之一 one of ${roles.join(', ')}`, 'agent')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s tongda -- user add li@example.com --name 李然 --role supervisor',
    )
    .action(async (email: string, options: { name: string; role: string }, command: Command) => {
      const config = loadConfig(command)
      const person = { name: options.name, email: parseEmail(email), role: parseRole(options.role) }
      await withPeople(config, async (people) => {
        const { agent, link } = await people.add(person)
        print(`✓ ${agent.name} <${agent.email}> ${agent.role}`)
        printLink(link)
      })
    })

  user
    .command('link <email>')
    .description('打印新的一次性登录链接 print a new one-time sign-in link for an agent')
    .action(async (email: string, _options: unknown, command: Command) => {
      const config = loadConfig(command)
      await withPeople(config, async (people) => printLink(await people.link(email)))
    })

  addInviting(user)

  user
    .command('list')
    .description('列出客服 list the agents')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      const all = await listPeople(loadConfig(command))
      if (options.json === true) print(JSON.stringify(all))
      else for (const { name, email, role } of all) print(`${role.padEnd(12)}${name} <${email}>`)
    })
}
