import { expect, it } from 'vitest'
import { drawPicture } from '../support/pictures.ts'
import { describeWith } from '../support/services.ts'
import { useStage } from './stage.ts'

/** Lets a file fall, or be pasted, on an element: what a person's hand would do, made in the page. */
const giveFile = (type: 'drop' | 'paste', selector: string, base64: string): string => `(() => {
  const bytes = Uint8Array.from(atob('${base64}'), (letter) => letter.charCodeAt(0))
  const data = new DataTransfer()
  data.items.add(new File([bytes], '${type}.png', { type: 'image/png' }))
  const facts = { bubbles: true, cancelable: true }
  const event = '${type}' === 'drop'
    ? new DragEvent('drop', { ...facts, dataTransfer: data })
    : new ClipboardEvent('paste', { ...facts, clipboardData: data })
  document.querySelector('${selector}').dispatchEvent(event)
})()`

describeWith('chromium', "sending files from the agents' app", (executablePath) => {
  const stage = useStage(executablePath)
  const list = () => stage.page.locator('.attachments li')

  it('attaches by button, paste and drag, shows, removes, and sends', async () => {
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    const picture = await drawPicture('png', { width: 30, height: 20 })
    await expect.poll(() => page.getByRole('button', { name: '发送' }).isDisabled()).toBe(true)
    await page.locator('input[type=file]').setInputFiles([
      { name: '截图.png', mimeType: 'image/png', buffer: picture },
      { name: '说明.pdf', mimeType: 'application/pdf', buffer: Buffer.from('%PDF-1.7\n1 0 obj<<>>endobj') },
    ])
    await expect.poll(() => list().count()).toBe(2)
    await page.evaluate(giveFile('paste', '.composer-field', picture.toString('base64')))
    await page.evaluate(giveFile('drop', '.composer', picture.toString('base64')))
    await expect.poll(() => list().count()).toBe(4)
    await expect
      .poll(() => page.evaluate("document.querySelector('.attachments img')?.naturalWidth"))
      .toBe(30)
    await expect.poll(() => page.locator('.attachments progress').count()).toBe(0)
    await stage.picture('attachments')
    for (const name of ['paste.png', 'drop.png'])
      await page.getByRole('button', { name: `移除 ${name}` }).click()
    await expect.poll(() => list().count()).toBe(2)

    // They belong to this ticket and to the reply, and outlive a reload.
    await page.locator('.composer-mode').getByText('备注', { exact: true }).click()
    await expect.poll(() => list().count()).toBe(0)
    await page.reload()
    await expect.poll(() => list().count()).toBe(2)

    await page.getByRole('textbox', { name: '回复' }).fill('请看')
    await page.getByRole('button', { name: '发送' }).click()
    const sent = page.locator('.message.by-agent')
    await sent.getByText('请看').waitFor()
    await sent.getByRole('link', { name: '说明.pdf' }).waitFor()
    await expect.poll(() => page.evaluate("document.querySelector('.by-agent img')?.naturalWidth")).toBe(30)
    await expect.poll(() => list().count()).toBe(0)
    const said = (await stage.world.tickets.transcript(ticket.conversationId, 10)).at(-1)
    expect(said?.parts.map(({ kind }) => kind).sort()).toEqual(['file', 'image', 'text'])
  })

  it('says why a file is not taken, and keeps the words', async () => {
    stage.expectComplaints(/ERR_FAILED|ERR_CONNECTION/)
    const { page } = stage
    const ticket = await stage.world.arrive()
    await stage.enter(stage.agent)
    await stage.open(ticket)
    await page.getByRole('textbox', { name: '回复' }).fill('写到一半')
    const give = (name: string, buffer: Buffer) =>
      page.locator('input[type=file]').setInputFiles([{ name, mimeType: 'image/png', buffer }])
    const fault = page.getByRole('alert')
    await give('空.png', Buffer.alloc(0))
    await fault.getByText('空.png 是空文件').waitFor()
    await give('大.png', Buffer.alloc(1_000_001))
    await fault.getByText('大.png 太大').waitFor()
    await page.route('**/api/desk/media', (route) => route.abort('connectionreset'))
    await give('断.png', await drawPicture('png'))
    await fault.getByText('断.png 没有上传').waitFor()
    await expect.poll(() => list().count()).toBe(0)
    await expect.poll(() => page.getByRole('textbox', { name: '回复' }).inputValue()).toBe('写到一半')
  })
})
