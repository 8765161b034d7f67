import { button, el } from './dom.js'
import { icon } from './icons.js'
import { drawReceipt } from './receipt.js'
import { t } from './words.js'

const { FileReader } = globalThis
const maxPictureBytes = 2 * 1024 * 1024

/** Recordings the demo users keep ready; the last one was too mumbled to be recognised. */
const voices = [
  { recognition: '我要找人工', durationMs: 2_000 },
  { recognition: '我的大会员被重复扣了两次钱怎么办', durationMs: 5_000 },
  { durationMs: 3_000 },
]
const place = { kind: 'location', latitude: 31.300_12, longitude: 121.510_96, label: '上海市杨浦区政立路' }
const link = {
  kind: 'link',
  title: '【4K】夏日祭 MMD',
  description: '我的稿件',
  url: 'https://video.example/v/170001',
}
const file = { kind: 'file', name: '对账单.xlsx', bytes: 12_345 }

/** What lies behind the plus: pictures, voice samples, a place, a link, a file. */
export const createTray = ({ send, fail, done }) => {
  const element = el('div', { class: 'tray' })
  const sendAndClose = (input) => {
    done()
    return send(input)
  }
  const picker = createPicker((data) => sendAndClose({ kind: 'image', data }), fail)
  const render = () =>
    element.replaceChildren(
      picker,
      tile('picture', 'tray.picture', () => picker.click()),
      tile('receipt', 'tray.receipt', () => sendAndClose({ kind: 'image', data: drawReceipt() })),
      tile('voice', 'tray.voice', renderVoices),
      tile('location', 'tray.location', () => sendAndClose(place)),
      tile('link', 'tray.link', () => sendAndClose(link)),
      tile('file', 'tray.file', () => sendAndClose(file)),
    )
  const renderVoices = () => {
    const choices = voices.map((voice) => voiceButton(voice, () => sendAndClose({ kind: 'voice', ...voice })))
    const back = button({ class: 'quiet', on: { click: render } }, icon('back'), t('back'))
    element.replaceChildren(
      el('p', { class: 'tray-title' }, t('tray.voices')),
      el('div', { class: 'voices' }, choices, back),
    )
    choices[0].focus()
  }
  return { element, render }
}

const tile = (name, key, click) =>
  button({ class: 'tile', on: { click } }, icon(name), el('span', {}, t(key)))

const voiceButton = ({ recognition, durationMs }, click) =>
  button(
    { on: { click } },
    icon('voice'),
    `${durationMs / 1000}″ `,
    recognition === undefined ? t('tray.unrecognised') : `“${recognition}”`,
  )

/** A hidden file field that hands over what was picked as base64. */
const createPicker = (picked, fail) => {
  const accept = 'image/png,image/jpeg,image/gif'
  const picker = el('input', {
    type: 'file',
    accept,
    class: 'offscreen',
    tabindex: '-1',
    'aria-hidden': 'true',
  })
  picker.addEventListener('change', () => {
    const [picture] = picker.files
    picker.value = ''
    if (picture === undefined) return
    if (picture.size > maxPictureBytes) {
      fail(new Error(t('picture.tooLarge')))
      return
    }
    const reader = new FileReader()
    reader.addEventListener('load', () => picked(reader.result.split(',')[1]))
    reader.addEventListener('error', () => fail(new Error(t('picture.unreadable'))))
    reader.readAsDataURL(picture)
  })
  return picker
}
