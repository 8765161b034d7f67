import type { Command } from 'commander'
import { openStore } from '../app/store.ts'
import { publicUrlOf, type Config } from '../config.ts'
import { roles, type Role } from '../core/agent.ts'
import { systemClock } from '../core/clock.ts'
import { TongdaError } from '../core/errors.ts'
import { createSignIn, type SignIn } from '../http/index.ts'
import { createLog } from '../log.ts'
import { createAgentDirectory, createSignInStores } from '../store/index.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'

type Directory = ReturnType<typeof createAgentDirectory>

/** Long enough to send a link to a colleague. */
const inviteMinutes = 1_440

const withPeople = async (
  config: Config,
  work: (people: { readonly agents: Directory; readonly signIn: SignIn }) => Promise<void>,
): Promise<void> => {
  const log = createLog({ level: config.logLevel })
  const database = await openStore(config, log).catch((error: unknown) => {
    if (!(error instanceof TongdaError) || error.code !== 'data_folder_locked') throw error
    throw new TongdaError(
      'data_folder_locked',
      'the product is running and holds its embedded database; stop it, run this again, and start it (with PostgreSQL it may go on running)',
      error.facts,
    )
  })
  try {
    const signIn = createSignIn({ stores: createSignInStores(database), clock: systemClock, log })
    await work({ agents: createAgentDirectory(database), signIn })
  } finally {
    await database.close()
  }
}

const parseRole = (word: string): Role => {
  const role = roles.find((known) => known === word)
  if (role === undefined)
    throw new TongdaError('bad_input', `${word} is no role; use one of ${roles.join(', ')}`)
  return role
}

const parseEmail = (text: string): string => {
  if (!/^[^\s@]+@[^\s@]+$/.test(text))
    throw new TongdaError('bad_input', `${text} is no mail address; write name@example.com`)
  return text
}

const printLink = async (signIn: SignIn, agentId: string, config: Config): Promise<void> => {
  const { path, expiresAt } = await signIn.createLink(agentId, inviteMinutes)
  print(`一次性登录链接 one-time sign-in link (until ${expiresAt.toISOString()}):`)
  print(`${publicUrlOf(config.server)}${path}`)
}

/** Adds `tongda user`. */
export const addUser = (program: Command): void => {
  const user = program.command('user').description('people who may sign in to the desk')

  user
    .command('add <email>')
    .description('add an agent and print a one-time sign-in link')
    .requiredOption('-n, --name <name>', 'name as colleagues and contacts see it')
    .option('-r, --role <role>', `one of ${roles.join(', ')}`, 'agent')
    .addHelpText(
      'after',
      '\nExample:\n  npm run -s tongda -- user add li@example.com --name 李然 --role supervisor',
    )
    .action(async (email: string, options: { name: string; role: string }, command: Command) => {
      const config = loadConfig(command)
      const role = parseRole(options.role)
      const address = parseEmail(email)
      await withPeople(config, async ({ agents, signIn }) => {
        const agent = await agents.create({ name: options.name, email: address, role })
        print(`✓ ${agent.name} <${agent.email}> ${agent.role}`)
        await printLink(signIn, agent.id, config)
      })
    })

  user
    .command('link <email>')
    .description('print a new one-time sign-in link for an agent')
    .action(async (email: string, _options: unknown, command: Command) => {
      const config = loadConfig(command)
      await withPeople(config, async ({ agents, signIn }) => {
        const agent = await agents.findByEmail(email)
        if (agent === undefined)
          throw new TongdaError('not_found', `nobody has the address ${email}; see tongda user list`)
        await printLink(signIn, agent.id, config)
      })
    })

  user
    .command('list')
    .description('list the agents')
    .option('--json', 'as JSON')
    .action(async (options: { json?: boolean }, command: Command) => {
      await withPeople(loadConfig(command), async ({ agents }) => {
        const all = await agents.list()
        if (options.json === true) print(JSON.stringify(all))
        else for (const { name, email, role } of all) print(`${role.padEnd(12)}${name} <${email}>`)
      })
    })
}
