import { createHmac } from 'node:crypto'
import { z } from 'zod'
import { TongdaError } from '../core/errors.ts'
import type { Post } from '../core/post.ts'

/** A group robot of a work chat. */
export interface Robot {
  readonly kind: 'wecom' | 'feishu' | 'dingtalk'
  /** Its address, with the key that is in it. */
  readonly url: string
  /** Feishu, DingTalk: what its messages are signed with. */
  readonly secret?: string | undefined
}

interface RobotRequest {
  readonly url: string
  readonly body: Readonly<Record<string, unknown>>
}

const hmac = (key: string, text: string): string => createHmac('sha256', key).update(text).digest('base64')

/** A text as WeCom takes it. Source: developer.work.weixin.qq.com/document/path/91770. */
const forWecom = ({ url }: Robot, text: string): RobotRequest => ({
  url,
  body: { msgtype: 'text', text: { content: text } },
})

/**
 * A text as Feishu takes it; the key of the signature is the time in seconds and the secret, what is signed is empty.
 * Source: open.feishu.cn, "Custom bot usage guide".
 */
const forFeishu = ({ url, secret }: Robot, text: string, now: Date): RobotRequest => {
  const timestamp = String(Math.floor(now.getTime() / 1_000))
  const signed = secret === undefined ? {} : { timestamp, sign: hmac(`${timestamp}\n${secret}`, '') }
  return { url, body: { ...signed, msg_type: 'text', content: { text } } }
}

/**
 * A text as DingTalk takes it; the time in milliseconds and the secret are signed with the secret, and both stand in the
 * address. Source: open.dingtalk.com, "Custom robots: security settings".
 */
const forDingtalk = ({ url, secret }: Robot, text: string, now: Date): RobotRequest => {
  const body = { msgtype: 'text', text: { content: text } }
  if (secret === undefined) return { url, body }
  const timestamp = String(now.getTime())
  const signed = new URL(url)
  signed.searchParams.set('timestamp', timestamp)
  signed.searchParams.set('sign', hmac(secret, `${timestamp}\n${secret}`))
  return { url: signed.href, body }
}

const requests = { wecom: forWecom, feishu: forFeishu, dingtalk: forDingtalk }

/** All three answer 200 whatever comes of it; the code in the body says. Older Feishu robots write it otherwise. */
const Answer = z.object({
  errcode: z.number().optional(),
  code: z.number().optional(),
  StatusCode: z.number().optional(),
  errmsg: z.string().optional(),
  msg: z.string().optional(),
})

const readAnswer = (body: string): z.output<typeof Answer> | undefined => {
  try {
    return Answer.safeParse(JSON.parse(body)).data
  } catch {
    return undefined
  }
}

/** Why the robot did not take it; undefined: it did. */
const refusalOf = (status: number, body: string): string | undefined => {
  const answer = readAnswer(body)
  const code = answer?.errcode ?? answer?.code ?? answer?.StatusCode
  if (status === 200 && code === 0) return undefined
  return code === undefined
    ? `it answered ${String(status)}`
    : `it answered ${String(code)}: ${(answer?.errmsg ?? answer?.msg ?? '').slice(0, 200)}`
}

/** Has a robot say a text in its group. Throws when it did not; `bad_input` when it never will. */
export const tellRobot = async (post: Post, robot: Robot, text: string, now: Date): Promise<void> => {
  const { url, body } = requests[robot.kind](robot, text, now)
  const posted = await post(url, {
    headers: { 'content-type': 'application/json; charset=utf-8' },
    body: JSON.stringify(body),
  })
  if ('failure' in posted) {
    if (posted.never) throw new TongdaError('bad_input', `the robot may not be called: ${posted.failure}`)
    throw new Error(`the robot was not reached: ${posted.failure}`)
  }
  const refusal = refusalOf(posted.status, posted.body)
  if (refusal !== undefined) throw new Error(`the robot did not take the message: ${refusal}`)
}
