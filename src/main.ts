import { Command } from 'commander'
import { defaultConfigFile } from './app/config-source.ts'
import { productVersion } from './app/version.ts'
import { addAsk } from './cli/ask.ts'
import { addAudit } from './cli/audit.ts'
import { addBackups } from './cli/backup.ts'
import { addCalendar } from './cli/calendar.ts'
import { addConfig } from './cli/config.ts'
import { addDoctor } from './cli/doctor.ts'
import { addEval } from './cli/eval.ts'
import { addInbox } from './cli/inbox.ts'
import { addJobs } from './cli/jobs.ts'
import { addKey } from './cli/key.ts'
import { addKnowledge } from './cli/knowledge.ts'
import { addMigrate } from './cli/migrate.ts'
import { addModels } from './cli/models.ts'
import { addPrivacy } from './cli/privacy.ts'
import { addReplay } from './cli/replay.ts'
import { addSeed } from './cli/seed.ts'
import { addServe } from './cli/serve.ts'
import { addTop } from './cli/top.ts'
import { addUser } from './cli/user.ts'
import { addWechat } from './cli/wechat.ts'
import { fail } from './cli/terminal.ts'

const program = new Command('tongda')
  .description('通答 Tongda: answers users wherever they write, and hands them to a person when it should')
  .version(productVersion)
  .option('-c, --config <file>', 'configuration file', defaultConfigFile)
  .showHelpAfterError('(add --help for the options and examples)')
  .configureHelp({ showGlobalOptions: true })

const commands = [
  addServe,
  addTop,
  addAsk,
  addEval,
  addKnowledge,
  addInbox,
  addWechat,
  addUser,
  addKey,
  addAudit,
  addCalendar,
  addJobs,
  addReplay,
  addPrivacy,
  addModels,
  addDoctor,
  addBackups,
  addMigrate,
  addSeed,
  addConfig,
]
for (const add of commands) add(program)

program.parseAsync().catch(fail)
