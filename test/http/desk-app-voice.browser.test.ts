import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { encode } from 'silk-wasm'
import { expect, it } from 'vitest'
import { decodeAmr, isAmr } from '../../desk/app/voice/amr.ts'
import { silentVoice } from '../../sandbox/page/voice-sample.ts'
import type { AudioPart } from '../../src/core/message.ts'
import { describeWith } from '../support/services.ts'
import { enterApp, pathOf } from './app-stage.ts'
import { useStage } from './stage.ts'

/** Two seconds of AMR at its lowest rate: a second of 440 Hz, a second of 1000 Hz. */
const tone = readFileSync(fileURLToPath(new URL('../fixtures/voice/tone.amr', import.meta.url)))

/** How often a second of sound, from `fromS` on, crosses zero upwards. */
const pitchOf = (sound: Float32Array, fromS: number): number => {
  const from = fromS * 8_000
  let crossings = 0
  for (let at = from + 1; at < from + 6_400; at += 1)
    if ((sound[at - 1] ?? 0) < 0 && (sound[at] ?? 0) >= 0) crossings += 1
  return crossings / 0.8
}

it('decodes AMR of narrow band', () => {
  const sound = decodeAmr(tone) ?? new Float32Array()
  expect(sound.length / 8_000).toBeCloseTo(2, 1)
  expect(pitchOf(sound, 0.1)).toBeCloseTo(440, -1)
  expect(pitchOf(sound, 1.1)).toBeCloseTo(1_000, -1)
})

it('keeps the length of pauses, which take one byte a frame', () => {
  expect((decodeAmr(silentVoice(7_000, 'narrow')) ?? []).length).toBe(56_000)
})

it('takes what is whole of a damaged recording, and nothing that is none', () => {
  expect(decodeAmr(tone.subarray(0, 700))?.length).toBe(53 * 160)
  expect(decodeAmr(Buffer.concat([Buffer.from('#!AMR\n'), Buffer.alloc(500, 0x4c)]))).toBeUndefined()
  expect(isAmr(silentVoice(1_000, 'wide'))).toBe(false)
  expect(isAmr(Buffer.from('RIFF'))).toBe(false)
})

/** Two seconds of 440 Hz, as Tencent's clients record it. */
const silkTone = async (): Promise<Buffer> => {
  const samples = Int16Array.from(
    { length: 48_000 },
    (_, at) => Math.sin((at / 24_000) * 880 * Math.PI) * 12_000,
  )
  return Buffer.from((await encode(samples, 24_000)).data)
}

interface Heard {
  readonly duration: number
  readonly at: number
  readonly rate: number
  readonly paused: boolean
}

describeWith('chromium', "voices in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const heard = () =>
    stage.page.evaluate<Heard>(
      `(({ duration, currentTime: at, playbackRate: rate, paused }) => ({ duration, at, rate, paused }))(document.querySelector('.voice audio'))`,
    )
  const open = async (bytes: Buffer, part: Partial<AudioPart> = {}): Promise<void> => {
    const media = await stage.world.media.save(bytes)
    const ticket = await stage.world.arrive({ parts: [{ kind: 'audio', media, ...part }] })
    await enterApp(stage, { path: pathOf(ticket) })
  }
  const play = () => stage.page.getByRole('button', { name: '播放语音' })

  it('plays AMR, faster when asked, and says who wrote the words', async () => {
    const asked: string[] = []
    stage.page.on('request', (request) => asked.push(request.url()))
    await open(tone, { durationMs: 2_000, transcript: { text: '我要找人工', source: 'wechat' } })
    await stage.page.getByText('文字（微信识别）').waitFor()
    await stage.page.getByText('我要找人工').last().waitFor()
    // Nothing of a voice is fetched before somebody wants to hear it.
    await play().waitFor()
    expect(asked.filter((url) => url.includes('/api/desk/media/'))).toEqual([])
    await stage.page.getByLabel('语速').selectOption('1.5×')
    await play().click()
    await expect.poll(async () => (await heard()).at).toBeGreaterThan(0.2)
    const now = await heard()
    expect(now.duration).toBeCloseTo(1.98, 1)
    expect(now.rate).toBe(1.5)
    // At its end it may be played again, and place and length are said.
    await play().waitFor()
    await stage.page.getByText('0:02 / 0:02').waitFor()
    await stage.page.getByRole('slider', { name: '播放位置' }).fill('1000')
    expect((await heard()).at).toBeCloseTo(1, 1)
    await stage.page.reload()
    await expect.poll(() => stage.page.getByLabel('语速').inputValue()).toBe('1.5')
  })

  it('leaves to the browser what it plays by itself', async () => {
    const { wavOfAmr } = await import('../../desk/app/voice/amr.ts')
    const wav = Buffer.from((await wavOfAmr(tone)?.arrayBuffer()) ?? new ArrayBuffer())
    await open(wav)
    await play().click()
    await expect.poll(async () => (await heard()).at).toBeGreaterThan(0.2)
    await expect
      .poll(() => stage.page.locator('.voice audio').getAttribute('src'))
      .toMatch(/^\/api\/desk\/media\//)
  })

  it('plays SILK, with and without the byte before its header', async () => {
    for (const bytes of [await silkTone(), (await silkTone()).subarray(1)]) {
      await open(bytes)
      await play().click()
      await expect.poll(async () => (await heard()).at).toBeGreaterThan(0.2)
      expect((await heard()).duration).toBeCloseTo(2, 1)
    }
  })

  it('says so of SILK that is damaged, and gives the file', async () => {
    stage.expectComplaints(/400/)
    await open(Buffer.concat([(await silkTone()).subarray(0, 10), Buffer.alloc(500_000)]))
    await play().click()
    const alert = stage.page.locator('.voice-fault')
    await alert.getByText('浏览器放不了这种语音').waitFor()
    await alert.getByRole('link', { name: '保存语音文件' }).waitFor()
  })

  it('says so when nothing can play it, and gives the file', async () => {
    await open(silentVoice(2_000, 'wide'))
    await play().click()
    const alert = stage.page.locator('.voice-fault')
    await alert.getByText('浏览器放不了这种语音').waitFor()
    await expect
      .poll(() => alert.getByRole('link', { name: '保存语音文件' }).getAttribute('href'))
      .toMatch(/^\/api\/desk\/media\//)
  })
})
