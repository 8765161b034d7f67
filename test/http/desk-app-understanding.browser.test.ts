import { expect, it } from 'vitest'
import { describeWith } from '../support/services.ts'
import { enterApp } from './app-stage.ts'
import { useStage } from './stage.ts'

describeWith('chromium', "understanding in the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const section = (name: string) => stage.page.getByRole('region', { name })

  it('shows an intent with its examples, and topics that are confused with their sentences', async () => {
    const who = await stage.world.hire('editor', '顾遥')
    const page = await enterApp(stage, { path: '/knowledge/intents', who })
    await page.getByLabel('找意图或主题').fill('vip-refund')
    const row = page.getByRole('row', { name: /vip-refund\.ask/ })
    await row.getByText('用文章回答').waitFor()
    await row.getByRole('button', { name: /Expand|展开/ }).click()
    await page.getByText('大会员能退吗', { exact: true }).waitFor()
    const confusions = section('容易混淆的主题')
    await confusions
      .getByText(/用 \d+ 条带标注的真实说法测出，主题认对 \d+\.\d %/)
      .waitFor({ timeout: 100_000 })
    await confusions.getByRole('columnheader', { name: '认成了' }).waitFor()
  })

  it('finds a word of the dictionary by pinyin initials', async () => {
    const who = await stage.world.hire('editor', '顾遥')
    const page = await enterApp(stage, { path: '/knowledge/dictionary', who })
    await page.getByLabel('词、意思或拼音（dhy、dahuiyuan）').fill('dhy')
    await page.getByRole('row', { name: /大汇员.*错别字.*大会员.*slang\.yaml/ }).waitFor()
    await page.getByLabel('词、意思或拼音（dhy、dahuiyuan）').fill('zzzzzz')
    await page.getByText('没有找到。试试拼音首字母，或换一个种类。').waitFor()
  })

  it('lets hear an answer in each tone, and says that the facts are the same', async () => {
    const who = await stage.world.hire('editor', '顾遥')
    await enterApp(stage, { path: '/knowledge/persona', who })
    const trying = section('试一试')
    await trying.getByText(/两种语气用的是同一篇文章 \S+，事实相同。/).waitFor()
    await section('普通').getByText('正在用').waitFor()
    await trying.getByLabel('用户说').fill('你好')
    // Both end with the same words where the answer offers choices; what stands above them differs.
    const reply = (tone: string): Promise<string> => section(tone).locator('.said').innerText()
    await expect.poll(async () => (await reply('普通')) !== (await reply('二次元'))).toBe(true)
    await section('表情')
      .getByRole('row', { name: /微信 \[愉快\]/ })
      .first()
      .waitFor()
  })
})
