import { PassThrough } from 'node:stream'
import { describe, expect, it } from 'vitest'
import { planInbox } from '../../src/app/inbox-setup/plan.ts'
import { makeSecret, secretKinds } from '../../src/app/inbox-setup/made-secrets.ts'
import { askForInbox, createPrompter } from '../../src/cli/prompt.ts'

/** A terminal in which a person types the next answer whenever the question matching it appears. */
const terminal = (answers: readonly (readonly [question: string, answer: string])[]) => {
  const input = new PassThrough()
  const output = new PassThrough()
  let screen = ''
  let seen = 0
  const waiting = [...answers]
  output.setEncoding('utf8').on('data', (text: string) => {
    screen += text
    const next = waiting[0]
    const at = next === undefined ? -1 : screen.indexOf(next[0], seen)
    if (next === undefined || at < 0) return
    seen = at + next[0].length
    waiting.shift()
    setImmediate(() => input.write(`${next[1]}\r`))
  })
  return { input, output, screen: () => screen, waiting }
}

const ask = async (answers: readonly (readonly [string, string])[]) => {
  const { input, output, screen, waiting } = terminal(answers)
  const plan = planInbox({}, 'wechat', undefined)
  const prompter = createPrompter(input, output)
  const values = await askForInbox(plan, new Map(), { prompter, say: (text) => output.write(text) })
  prompter.close()
  expect(waiting).toEqual([])
  return { values, screen: screen(), plan }
}

describe('the questions of tongda inbox add', () => {
  it('come from the schema, hide secrets, and are asked again when the channel refuses the answer', async () => {
    const { values, screen, plan } = await ask([
      ['originalId (', ''],
      ['appId: ', 'nonsense'],
      ['appId: ', 'wx0a1b2c3d4e5f6071'],
      ['appSecret (', 'plantedSecret'],
      ['token (', ''],
      ['encodingAesKey (', ''],
      ['previousEncodingAesKey (', ''],
      ['[Y/n]', ''],
    ])
    expect([...values]).toEqual([
      ['appId', 'wx0a1b2c3d4e5f6071'],
      ['appSecret', 'plantedSecret'],
    ])
    expect(screen).toContain('must be the AppID, wx…')
    expect(screen).not.toContain('planted')
    expect(plan.faults(plan.complete(values))).toEqual([])
  })

  it('offer the settings that have defaults', async () => {
    const { values, screen } = await ask([
      ['originalId (', ''],
      ['appId: ', 'wx0a1b2c3d4e5f6071'],
      ['appSecret (', ''],
      ['token (', ''],
      ['encodingAesKey (', ''],
      ['previousEncodingAesKey (', ''],
      ['[Y/n]', 'n'],
      ['mode (', 'plain'],
      ['replyMode (', ''],
      ['passiveBudgetMs (', '4000'],
      ['lateAnswerText (', ''],
      ['apiBase (', ''],
      ['timestampToleranceMs (', ''],
      ['allowances.message.count (', ''],
      ['allowances.message.windowMs (', ''],
      ['allowances.click.count (', ''],
      ['allowances.click.windowMs (', ''],
      ['allowances.follow.count (', ''],
      ['allowances.follow.windowMs (', ''],
      ['allowances.scan.count (', ''],
      ['allowances.scan.windowMs (', ''],
      ['reservedForAgents (', ''],
      ['maxTextBytes (', ''],
      ['menus (', '是'],
      ['sendsPerSecond (', ''],
    ])
    expect(screen).toContain('plain | compatible | safe')
    expect(Object.fromEntries(values)).toEqual({
      appId: 'wx0a1b2c3d4e5f6071',
      mode: 'plain',
      passiveBudgetMs: 4_000,
      menus: true,
    })
  })

  it('end when the person gives up', async () => {
    const { input, output } = terminal([['originalId (', '\u0003']])
    const prompter = createPrompter(input, output)
    const plan = planInbox({}, 'wechat', undefined)
    await expect(
      askForInbox(plan, new Map(), { prompter, say: (text) => output.write(text) }),
    ).rejects.toMatchObject({ name: 'AbortError' })
    prompter.close()
  })
})

describe('made secrets', () => {
  it.each([
    ['token', /^[A-Za-z0-9]{32}$/],
    ['aes-key', /^[A-Za-z0-9]{43}$/],
    ['hex-key', /^[0-9a-f]{64}$/],
    ['webhook-secret', /^whsec_[A-Za-z0-9+/]{32}$/],
  ])('%s has its form and is new each time', (kind, form) => {
    const made = Array.from({ length: 200 }, () => makeSecret(kind) ?? '')
    expect(new Set(made).size).toBe(200)
    expect(made.every((each) => form.test(each))).toBe(true)
  })

  it('are of known kinds only', () => {
    expect(secretKinds).toHaveLength(4)
    expect(makeSecret('toString')).toBeUndefined()
    expect(makeSecret(undefined)).toBeUndefined()
  })
})
