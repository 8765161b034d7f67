import type { Command } from 'commander'
import { stringify } from 'yaml'
import { maxQrSeconds, wechatConfig, type WechatAccountApi } from '../../channels/wechat/index.ts'
import { reasonOf } from '../core/check.ts'
import { findWechatInbox, openWechatInbox } from '../app/wechat-account.ts'
import type { InboxConfig } from '../config.ts'
import { ChannelError, TongdaError } from '../core/errors.ts'
import { loadConfig } from './settings.ts'
import { print } from './terminal.ts'

/** Works on the account of an inbox; what WeChat refuses is told with what to do. */
const onAccount = async (
  command: Command,
  inboxId: string,
  work: (account: WechatAccountApi, inbox: InboxConfig) => Promise<void>,
): Promise<void> => {
  const inbox = findWechatInbox(loadConfig(command).inboxes, inboxId)
  try {
    await work(openWechatInbox(inbox), inbox)
  } catch (error) {
    throw error instanceof ChannelError ? new Error(reasonOf(error), { cause: error }) : error
  }
}

const addMenu = (wechat: Command): void => {
  const menu = wechat
    .command('menu')
    .description('自定义菜单，写在收件箱的 menu: 里 the account’s menu, declared as menu: of the inbox')
  menu
    .command('apply <inbox>')
    .description('发布配置里的菜单 put the declared menu in force')
    .action(async (inboxId: string, _options: unknown, command: Command) => {
      await onAccount(command, inboxId, async (account, { section }) => {
        const { menu: declared } = wechatConfig.parse(section)
        if (declared === undefined)
          throw new TongdaError(
            'bad_config',
            `inboxes.${inboxId}.menu 未设置 is not set; 见 see channels/wechat/README.md`,
          )
        await account.menu.apply(declared)
        print(
          '✓ 菜单已发布，用户约 5 分钟内看到 the menu is in force; contacts see it within about 5 minutes',
        )
      })
    })
  menu
    .command('show <inbox>')
    .description('显示微信上现有的菜单 show the menu in force')
    .option('--json', 'as JSON')
    .action(async (inboxId: string, options: { json?: boolean }, command: Command) => {
      await onAccount(command, inboxId, async (account) => {
        const found = (await account.menu.read()) ?? {}
        print(options.json === true ? JSON.stringify(found) : stringify(found).trimEnd())
      })
    })
  menu
    .command('delete <inbox>')
    .description('删除菜单，个性化菜单也一并删除 delete the menu, those for parts of the followers included')
    .action(async (inboxId: string, _options: unknown, command: Command) => {
      await onAccount(command, inboxId, async (account) => {
        await account.menu.delete()
        print('✓ 菜单已删除 the menu is deleted')
      })
    })
}

const parseSeconds = (text: string): number => {
  const seconds = Number(text)
  if (Number.isInteger(seconds) && seconds >= 1 && seconds <= maxQrSeconds) return seconds
  throw new TongdaError(
    'bad_input',
    `--temporary 应为 1–${String(maxQrSeconds)} 秒 takes 1–${String(maxQrSeconds)} seconds`,
  )
}

const addQrCode = (wechat: Command): void => {
  wechat
    .command('qr')
    .description('带场景值的二维码 QR codes that carry a scene')
    .command('create <inbox>')
    .description('生成二维码，打印地址和 ticket make a code and print its address and ticket')
    .requiredOption('--scene <scene>', '场景值，1–64 个字符 what a scan tells us, 1–64 characters')
    .option(
      '--temporary <seconds>',
      '临时二维码的秒数，最多 30 天；不写则永久（每个账号 10 万个） seconds of life; without it for good, of which an account has 100 000',
      parseSeconds,
    )
    .option('--json', 'as JSON')
    .action(
      async (
        inboxId: string,
        { scene, temporary, json }: { scene: string; temporary?: number; json?: boolean },
        command: Command,
      ) => {
        if (scene === '' || scene.length > 64)
          throw new TongdaError('bad_input', '--scene 应为 1–64 个字符 takes 1–64 characters')
        await onAccount(command, inboxId, async (account) => {
          const life = temporary === undefined ? {} : { expiresInSeconds: temporary }
          const code = await account.createQrCode({ scene, ...life })
          if (json === true) print(JSON.stringify(code))
          else
            print(
              `内容 content  ${code.url}\n图片 picture  ${code.pictureUrl}\nticket        ${code.ticket}${code.expiresInSeconds === undefined ? '' : `\n有效 lasts    ${String(code.expiresInSeconds)} s`}`,
            )
        })
      },
    )
}

const collect = (field: string, before: readonly string[]): readonly string[] => [...before, field]

const readFields = (settings: readonly string[]): Readonly<Record<string, string>> =>
  Object.fromEntries(
    settings.map((setting) => {
      const equals = setting.indexOf('=')
      if (equals < 1)
        throw new TongdaError('bad_input', `--set ${setting}: 要写成 field=value write --set field=value`)
      return [setting.slice(0, equals), setting.slice(equals + 1)]
    }),
  )

interface SendOptions {
  readonly to: string
  readonly template: string
  readonly set: readonly string[]
  readonly url?: string
  readonly subscription?: boolean
}

const sendNotice = async (inboxId: string, options: SendOptions, command: Command): Promise<void> => {
  const fields = readFields(options.set)
  await onAccount(command, inboxId, async (account) => {
    const id = await account.sendNotice({
      contactKey: options.to,
      templateId: options.template,
      fields,
      kind: options.subscription === true ? 'subscription' : 'template',
      ...(options.url === undefined ? {} : { url: options.url }),
    })
    print(`✓ 微信已受理 WeChat took it${id === undefined ? '' : ` (msgid ${id})`}`)
  })
}

const addTemplate = (wechat: Command): void => {
  const template = wechat
    .command('template')
    .description('模板消息和订阅通知（服务号） template and subscription notices (service accounts)')
  template
    .command('list <inbox>')
    .description('列出账号的模板 list the account’s templates')
    .option('--json', 'as JSON')
    .action(async (inboxId: string, options: { json?: boolean }, command: Command) => {
      await onAccount(command, inboxId, async (account) => {
        const templates = await account.listTemplates()
        if (options.json === true) print(JSON.stringify(templates))
        else
          for (const { templateId, title, content } of templates)
            print(`${templateId}  ${title}\n${content.trimEnd().replaceAll(/^/gm, '    ')}`)
      })
    })
  template
    .command('send <inbox>')
    .description('给一个用户发通知 send a notice to one contact; 不得用于营销 never for marketing')
    .requiredOption('--to <openid>', '用户的 OpenID')
    .requiredOption('--template <id>', '模板 ID template id')
    .option(
      '-s, --set <field=value>',
      '模板的一个字段，可重复 a field of the template; may be repeated',
      collect,
      [],
    )
    .option('--url <url>', '点开的页面 the page that a tap opens')
    .option('--subscription', '订阅通知，用户同意过的 as a subscription notice, which the contact agreed to')
    .action(sendNotice)
}

/** Adds `tongda wechat`. */
export const addWechat = (program: Command): void => {
  const wechat = program
    .command('wechat')
    .description('公众号管理 an official account: menu, QR codes, notices')
  addMenu(wechat)
  addQrCode(wechat)
  addTemplate(wechat)
}
