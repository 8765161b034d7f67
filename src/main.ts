import { Command } from 'commander'
import { defaultConfigFile } from './app/config-source.ts'
import { productVersion } from './app/version.ts'
import { fail } from './cli/terminal.ts'

const program = new Command('tongda')
  .description('通答 Tongda: answers users wherever they write, and hands them to a person when it should')
  .version(productVersion)
  .option('-c, --config <file>', 'configuration file', defaultConfigFile)
  .showHelpAfterError('(add --help for the options and examples)')
  .configureHelp({ showGlobalOptions: true })

const backups = async () => (await import('./cli/backup.ts')).addBackups

/** The commands, in the order of the help. Each is read when it is wanted: to read all takes most of a second more. */
const commands: Readonly<Record<string, () => Promise<(program: Command) => void>>> = {
  serve: async () => (await import('./cli/serve.ts')).addServe,
  top: async () => (await import('./cli/top.ts')).addTop,
  ask: async () => (await import('./cli/ask.ts')).addAsk,
  eval: async () => (await import('./cli/eval.ts')).addEval,
  kb: async () => (await import('./cli/knowledge.ts')).addKnowledge,
  inbox: async () => (await import('./cli/inbox.ts')).addInbox,
  wechat: async () => (await import('./cli/wechat.ts')).addWechat,
  user: async () => (await import('./cli/user.ts')).addUser,
  key: async () => (await import('./cli/key.ts')).addKey,
  audit: async () => (await import('./cli/audit.ts')).addAudit,
  calendar: async () => (await import('./cli/calendar.ts')).addCalendar,
  jobs: async () => (await import('./cli/jobs.ts')).addJobs,
  replay: async () => (await import('./cli/replay.ts')).addReplay,
  privacy: async () => (await import('./cli/privacy.ts')).addPrivacy,
  models: async () => (await import('./cli/models.ts')).addModels,
  doctor: async () => (await import('./cli/doctor.ts')).addDoctor,
  backup: backups,
  restore: backups,
  move: backups,
  migrate: async () => (await import('./cli/migrate.ts')).addMigrate,
  prepare: async () => (await import('./cli/prepare.ts')).addPrepare,
  seed: async () => (await import('./cli/seed.ts')).addSeed,
  config: async () => (await import('./cli/config.ts')).addConfig,
}

/** The command that the line names; all where it names none. */
const wanted = (line: readonly string[]): ReadonlySet<() => Promise<(program: Command) => void>> => {
  const isOption = (word: string): boolean => word.startsWith('-')
  const takesNext = (word = ''): boolean => ['-c', '--config'].includes(word)
  const first = line.find((word, place) => !isOption(word) && !takesNext(line[place - 1])) ?? ''
  const named = Object.hasOwn(commands, first) ? commands[first] : undefined
  return new Set(named === undefined ? Object.values(commands) : [named])
}

// Awaited here: whoever starts this file waits until everything is read.
for (const load of wanted(process.argv.slice(2))) (await load())(program)

program.parseAsync().catch(fail)
