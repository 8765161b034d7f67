import type { Command } from 'commander'
import pc from 'picocolors'
import { explainFaults } from '../app/config-source.ts'
import { inboxAddresses } from '../app/idle-channel.ts'
import { checkInbox, listInboxes } from '../app/inbox-check.ts'
import { checkInboxCredentials } from '../app/inbox-credentials.ts'
import { planInbox, sectionOf, type InboxPlan, type InboxValues } from '../app/inbox-setup/plan.ts'
import { writeInbox } from '../app/inbox-setup/write.ts'
import { installedChannels } from '../app/installed-channels.ts'
import { parseConfig, publicUrlOf, type InboxConfig } from '../config.ts'
import type { Check } from '../core/check.ts'
import { TongdaError } from '../core/errors.ts'
import { askForInbox, createPrompter } from './prompt.ts'
import { envFile, loadConfig, loadSources, type LoadedSources } from './settings.ts'
import { checkLine, print, printChecks, remark } from './terminal.ts'

interface AddOptions {
  readonly name?: string
  readonly set: readonly string[]
  readonly json?: boolean
  readonly check?: boolean
}

const collect = (setting: string, before: readonly string[]): readonly string[] => [...before, setting]

/** With a terminal on both sides and no wish for JSON there is somebody to ask. */
const mayAsk = ({ json }: AddOptions): boolean => json !== true && process.stdin.isTTY && process.stdout.isTTY

const askInTerminal = async (plan: InboxPlan, given: InboxValues): Promise<InboxValues> => {
  const prompter = createPrompter(process.stdin, process.stdout)
  try {
    return await askForInbox(plan, given, {
      prompter,
      say: (text) => process.stdout.write(text),
    })
  } catch (error) {
    if (error instanceof Error && error.name === 'AbortError')
      throw new TongdaError('bad_input', '已放弃，什么也没写 given up; nothing was written')
    throw error
  } finally {
    prompter.close()
  }
}

const refuse = (plan: InboxPlan, values: InboxValues): void => {
  const faults = plan.faults(values)
  if (faults.length === 0) return
  const lines = plan.fields
    .filter(({ key }) => faults.some((fault) => fault.key === key) && !values.has(key))
    .map(({ key, description }) => `  --set ${key}=…   ${description}`)
  const wrong = faults.filter(({ key }) => values.has(key) || !plan.fields.some((field) => field.key === key))
  throw new TongdaError(
    'bad_input',
    [
      ...(lines.length === 0 ? [] : [`缺少设置 missing settings of ${plan.channel}:`, ...lines]),
      ...(wrong.length === 0 ? [] : [explainFaults(wrong).message]),
    ].join('\n'),
  )
}

/** The inbox as the product will read it. */
const inboxOf = (plan: InboxPlan, values: InboxValues, { raw }: LoadedSources): InboxConfig | undefined => {
  const section = { channel: plan.channel, ...sectionOf(plan.fields, values) }
  const others = typeof raw.inboxes === 'object' && raw.inboxes !== null ? { ...raw.inboxes } : {}
  const parsed = parseConfig({ ...raw, inboxes: { ...others, [plan.inboxId]: section } })
  return 'config' in parsed
    ? parsed.config.inboxes.find(({ inboxId }) => inboxId === plan.inboxId)
    : undefined
}

/** In a terminal somebody waits for the answer; else the provider is called only when asked to. */
const mayCheck = (options: AddOptions): boolean => options.check ?? mayAsk(options)

const nextSteps = (plan: InboxPlan, variables: readonly string[], { config }: LoadedSources): string[] => [
  ...(config.server.publicUrl?.startsWith('https://') === true
    ? []
    : [
        '设置 server.publicUrl 为公网 https 地址 set server.publicUrl to the public https address (TONGDA_PUBLIC_URL)',
      ]),
  ...(config.inboxes.length === 0
    ? ['沙盒的演示账号从此不再启动 the sandbox and its demo inboxes no longer start']
    : []),
  '重启产品 restart the product: npm start',
  ...(variables.length === 0
    ? []
    : [
        `在平台后台填上述地址，以及 ${envFile} 里的值 enter the addresses above and the values from ${envFile} on the platform's page: ${variables.join(', ')}`,
      ]),
  '平台若有 IP 白名单，加上本机的出口地址 where the platform has an IP allow-list, add this machine’s outgoing address',
  `npm run -s tongda -- inbox check ${plan.inboxId}`,
]

interface Added {
  readonly inboxId: string
  readonly file: string
  readonly variables: readonly string[]
  readonly addresses: readonly string[]
  readonly checks: readonly Check[]
  readonly steps: readonly string[]
}

const printAdded = ({ inboxId, file, variables, addresses, checks, steps }: Added): void => {
  const secrets = variables.length === 0 ? '' : `, 密钥在 secrets in ${envFile}`
  print(checkLine(true, `${inboxId} 已写入 ${file} written${secrets}`))
  printChecks(checks)
  if (addresses.length > 0) print(`\n地址 addresses`)
  for (const address of addresses) print(`  ${pc.cyan(address)}`)
  print('\n接下来 next')
  steps.forEach((step, place) => print(`  ${String(place + 1)}. ${step}`))
}

const add = async (channel: string, options: AddOptions, command: Command): Promise<void> => {
  const sources = loadSources(command)
  const plan = planInbox(sources.raw, channel, options.name)
  const given = plan.read(options.set)
  const values = plan.complete(mayAsk(options) ? await askInTerminal(plan, given) : given)
  refuse(plan, values)
  const inbox = inboxOf(plan, values, sources)
  const addresses = inbox === undefined ? [] : inboxAddresses(inbox, publicUrlOf(sources.config.server))
  const files = { configFile: sources.file, envFile, environment: process.env }
  const variables = writeInbox(plan, values, files)
  const checks = inbox !== undefined && mayCheck(options) ? await checkInboxCredentials(inbox) : []
  const steps = nextSteps(plan, variables, sources)
  const added = { inboxId: plan.inboxId, channel: plan.channel, file: sources.file, variables, addresses }
  if (options.json === true)
    print(JSON.stringify({ ...added, ...(checks.length === 0 ? {} : { checks }), steps }))
  else printAdded({ ...added, checks, steps })
}

const list = async (options: { json?: boolean }, command: Command): Promise<void> => {
  const inboxes = await listInboxes(loadConfig(command))
  if (options.json === true) {
    print(JSON.stringify(inboxes))
    return
  }
  if (inboxes.length === 0)
    remark('还没有收件箱，沙盒用演示账号 no inbox is configured; the sandbox has demo ones')
  for (const { inboxId, channel, state, node = '', detail = '' } of inboxes) {
    const shown = [state.padEnd(10), node, detail].filter((word) => word !== '').join('  ')
    print(`${inboxId.padEnd(24)}${channel.padEnd(14)}${shown}`.trimEnd())
  }
}

const check = async (inboxId: string, options: { json?: boolean }, command: Command): Promise<void> => {
  const checks = await checkInbox(loadConfig(command), inboxId)
  if (options.json === true) print(JSON.stringify(checks))
  else printChecks(checks)
  if (checks.some(({ passed }) => !passed)) process.exitCode = 1
}

/** Adds `tongda inbox`. */
export const addInbox = (program: Command): void => {
  const inbox = program
    .command('inbox')
    .description('收件箱：接入的账号 the inboxes: accounts that are connected')
  inbox
    .command('add <channel>')
    .description(
      `接入一个账号：在终端里提问，否则用 --set connect an account: asks in a terminal, else by --set; 渠道 channels: ${Object.keys(installedChannels).join(', ')}`,
    )
    .option('-n, --name <name>', '收件箱名，也出现在回调地址里 name, which stands in its addresses')
    .option('-s, --set <key=value>', '一项设置，可重复 a setting; may be repeated', collect, [])
    .option('--json', '不提问，输出 JSON no questions, result as JSON')
    .option(
      '--check',
      '写入后向平台核对凭证，终端里默认如此 try the credentials on the provider, as in a terminal',
    )
    .option('--no-check', '不核对凭证 do not call the provider')
    .addHelpText(
      'after',
      '\nExamples:\n  npm run -s tongda -- inbox add wechat\n  npm run -s tongda -- inbox add wechat --name main --set appId=wx… --set appSecret="$SECRET"',
    )
    .action(add)
  inbox
    .command('list')
    .description('列出收件箱及其状态 list the inboxes and how they fare')
    .option('--json', 'as JSON')
    .action(list)
  inbox
    .command('check <name>')
    .description('逐项检查一个收件箱 check an inbox: address, route, credentials, first message and reply')
    .option('--json', 'as JSON')
    .action(check)
}
