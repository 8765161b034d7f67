// What an account keeps at the platform beside its conversations: its menu, its QR codes, its templates.
import { randomBytes } from 'node:crypto'

/** A template of the account; `content` names its fields as `{{name.DATA}}`. */
export interface WechatTemplate {
  readonly templateId: string
  readonly title: string
  readonly content: string
}

/** A QR code that was made. `seconds` is undefined for one that lasts. */
export interface SceneCode {
  readonly ticket: string
  readonly url: string
  readonly scene: string
  readonly seconds: number | undefined
}

/** The account's desk at the platform. */
export interface AccountDesk {
  menu(): readonly unknown[] | undefined
  setMenu(buttons: readonly unknown[] | undefined): void
  makeCode(scene: string, seconds: number | undefined): SceneCode
  readonly templates: readonly WechatTemplate[]
  /** The user agreed to notices of this template. */
  agree(openid: string, templateId: string): void
  hasAgreed(openid: string, templateId: string): boolean
  nextNotice(): number
}

/** The templates that every simulated account has. */
const demoTemplates: readonly WechatTemplate[] = [
  {
    templateId: 'tplTicketProgress0000000000000000000000000',
    title: '工单进度提醒',
    content: '工单编号:{{character_string1.DATA}}\n进度:{{thing2.DATA}}\n时间:{{time3.DATA}}\n',
  },
]

/** A desk with the demo templates, no menu and no codes. */
export const createAccountDesk = (): AccountDesk => {
  let menu: readonly unknown[] | undefined
  let notices = 200_163_836
  const agreed = new Set<string>()
  return {
    menu: () => menu,
    setMenu: (buttons) => {
      menu = buttons
    },
    makeCode: (scene, seconds) => {
      const id = randomBytes(24).toString('base64url')
      return { ticket: `gQ${id}==`, url: `http://weixin.qq.com/q/02${id}`, scene, seconds }
    },
    templates: demoTemplates,
    agree: (openid, templateId) => {
      agreed.add(`${openid} ${templateId}`)
    },
    hasAgreed: (openid, templateId) => agreed.has(`${openid} ${templateId}`),
    nextNotice: () => (notices += 1),
  }
}
