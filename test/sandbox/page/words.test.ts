import { readdirSync, readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'
import { faultNames as api } from '../../../sandbox/api/faults.ts'
import { faultNames as botframework } from '../../../sandbox/botframework/faults.ts'
import { faultNames as email } from '../../../sandbox/email/faults.ts'
import { proofNames } from '../../../sandbox/simulator.ts'
import { faultNames as telegram } from '../../../sandbox/telegram/faults.ts'
import { apiNames } from '../../../sandbox/wechat/index.ts'
import { faultNames as wechaty } from '../../../sandbox/wechaty/faults.ts'
import { faultNames as wecom } from '../../../sandbox/wecom/faults.ts'
import { faultNames as weibo } from '../../../sandbox/weibo/faults.ts'
import { assetNames } from '../../../sandbox/page/static-files.ts'
import { kindWords, reasonWords } from '../../../src/tickets/index.ts'
import { switchNames } from '../../../sandbox/page/switches.ts'

const folder = new URL('../../../sandbox/browser/', import.meta.url)
const read = (name: string): string => readFileSync(new URL(name, folder), 'utf8')
const files = readdirSync(folder)
const dictionary = (language: string): Record<string, string> =>
  JSON.parse(read(`${language}.json`)) as Record<string, string>
const zh = dictionary('zh-CN')
const en = dictionary('en')

describe('words of the sandbox page', () => {
  it('both languages have the same keys and the same values to fill in', () => {
    expect(Object.keys(en)).toEqual(Object.keys(zh))
    const blanks = (text: string | undefined) => [...(text ?? '').matchAll(/\{\w+\}/g)].map(String).sort()
    for (const key of Object.keys(zh)) expect([key, blanks(en[key])]).toEqual([key, blanks(zh[key])])
  })

  it('every key that the page names exists', () => {
    const sources = files.filter((name) => /\.(js|html)$/.test(name)).map(read)
    const named = sources.flatMap((source) =>
      [...source.matchAll(/\bt\('([\w.-]+)'|data-t="([\w.-]+)"/g)].map((match) => match[1] ?? match[2] ?? ''),
    )
    expect(named.length).toBeGreaterThan(60)
    expect(named.filter((key) => !(key in zh))).toEqual([])
  })

  it('every code that the server sends has words', () => {
    const codes = [
      ...switchNames.flatMap((name) => [`fault.${name}`, `fault.${name}.hint`]),
      ...['plaintext', 'replay', 'duplicate'].map((name) => `fault.${name}`),
      ...apiNames.map((name) => `api.${name}`),
      ...proofNames.map((name) => `proof.${name}`),
      ...[...api, ...botframework, ...email, ...telegram, ...wechaty, ...wecom, ...weibo].map(
        (name) => `fault.${name}`,
      ),
      ...'pending answered acknowledged invalid http-error refused timeout lost'
        .split(' ')
        .map((name) => `result.${name}`),
      ...'held sending answered acknowledged failed'.split(' ').map((name) => `state.${name}`),
      ...'message menu subscribe scan'.split(' ').map((name) => `window.${name}`),
      ...'answer clarify collect escalate chat silent'.split(' ').map((name) => `kind.${name}`),
      ...'queued waiting sending sent failed expired withdrawn'.split(' ').map((name) => `delivery.${name}`),
      ...'neutral happy sad anxious angry'.split(' ').map((name) => `emotion.${name}`),
    ]
    expect(codes.filter((code) => !(code in zh))).toEqual([])
  })

  it('reasons read as in the tickets', () => {
    for (const [own, language] of [[zh, 'zh'] as const, [en, 'en'] as const]) {
      for (const [code, words] of Object.entries(reasonWords[language]))
        expect([code, own[`reason.${code}`]]).toEqual([code, words])
      for (const [kind, words] of Object.entries(kindWords[language]))
        expect([kind, own[`reason.kind.${kind}`]]).toEqual([kind, words])
    }
  })

  it('every file of the page is served, and every served file exists', () => {
    expect([...assetNames].sort()).toEqual(files.filter((name) => !name.endsWith('.html')).sort())
  })

  it('no file mentions a host outside, except as an example', () => {
    const allowed = /^http:\/\/www\.w3\.org\/2000\/svg|^https?:\/\/(video\.example)/
    for (const name of files) {
      const addresses = [...read(name).matchAll(/https?:\/\/[\w.-]+\/?[\w./-]*/g)].map(String)
      expect([name, addresses.filter((address) => !allowed.test(address))]).toEqual([name, []])
    }
  })
})
