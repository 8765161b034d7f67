import { wordsWith } from './index.ts'
import * as keys from './keys.ts'

/* The words of one part of the desk, in both languages; `en` has exactly the keys of `zh`. */

export const zh = {
  ...keys.zh,
  'settings.keys': '快捷键',
  'settings.single': '单键快捷键（不按 Ctrl、⌘、Alt 就起作用的键）',
  'settings.single.hint': '用语音输入或容易误触时可以关掉；带修饰键的和 Enter 仍然有效。',
  'settings.command': '做什么',
  'settings.now': '按键',
  'settings.change': '改',
  'settings.change.of': '改“{name}”的按键',
  'settings.press': '请按新的按键。Esc 取消，退格键不设。',
  'settings.press.then': '已按 {keys}，再按第二个键；Esc 取消。',
  'settings.usual': '恢复默认',
  'settings.usual.of': '“{name}”恢复默认',
  'settings.usual.all': '全部恢复默认',
  'settings.usual.sure': '把 {n} 个改过的按键恢复默认？',
  'settings.taken': '{keys} 已用于“{name}”。先改掉那一个，或换一个键。',
  'settings.begins': '{keys} 与“{name}”的 {other} 冲突：按下第一个键就无法区分。换一个键。',
  'settings.reserved': '{keys} 由浏览器或系统使用，换一个键。',
  'settings.notices': '提醒',
  'notices.here': '在这个浏览器里提醒我',
  'notices.here.hint':
    '开着几个窗口也只响一声；有窗口正被看着时不弹系统通知。这一项只管这台电脑的这个浏览器。',
  'notices.denied': '浏览器禁止了系统通知。请点地址栏左边的图标，把“通知”改为允许；声音不受影响。',
  'notices.none': '这里没有系统通知：请用 https 网址打开工作台。声音不受影响。',
  'notices.try': '试一下',
  'notices.try.title': '通答',
  'notices.try.body': '提醒会这样出现。',
  'notices.off': '不提醒',
  'notices.notice': '系统通知',
  'notices.sound': '系统通知和声音',
  'notices.waiting': '有人等接手',
  'notices.message': '我手上的用户来消息',
  'notices.mentioned': '同事在备注里 @我',
  'notices.danger': '快要超时（黄）',
  'notices.broken': '已超时（红）',
  'settings.where': '保存在你的账号里，换电脑也一样。',
} as const

export const en: Readonly<Record<keyof typeof zh, string>> = {
  ...keys.en,
  'settings.keys': 'Keys',
  'settings.single': 'Single keys (those that act without Ctrl, ⌘ or Alt)',
  'settings.single.hint':
    'Switch them off if you dictate or often hit keys by chance; Enter and keys with a modifier go on working.',
  'settings.command': 'What it does',
  'settings.now': 'Key',
  'settings.change': 'Change',
  'settings.change.of': 'Change the key of “{name}”',
  'settings.press': 'Press the new key. Esc leaves it, Backspace sets none.',
  'settings.press.then': '{keys} was pressed; now the second key. Esc leaves it.',
  'settings.usual': 'As usual',
  'settings.usual.of': '“{name}” as usual',
  'settings.usual.all': 'All as usual',
  'settings.usual.sure': 'Set {n} changed keys back?',
  'settings.taken': '{keys} is used for “{name}”. Change that one first, or take another key.',
  'settings.begins':
    '{keys} collides with {other} of “{name}”: the first key could not be told apart. Take another key.',
  'settings.reserved': '{keys} belongs to the browser or the system; take another key.',
  'settings.notices': 'Notices',
  'notices.here': 'Tell me in this browser',
  'notices.here.hint':
    'Of several windows one rings, and there is no notice while you look at one of them. This one is for this browser alone.',
  'notices.denied':
    'The browser forbids notices. Click the mark beside the address and allow them; sound works anyway.',
  'notices.none': 'There are no notices here: open the desk by its https address. Sound works anyway.',
  'notices.try': 'Try it',
  'notices.try.title': 'Tongda',
  'notices.try.body': 'This is how you are told.',
  'notices.off': 'not at all',
  'notices.notice': 'notice',
  'notices.sound': 'notice and sound',
  'notices.waiting': 'Somebody waits for anybody',
  'notices.message': 'A contact of mine wrote',
  'notices.mentioned': 'A colleague mentioned me in a note',
  'notices.danger': 'Nearly overdue (amber)',
  'notices.broken': 'Overdue (red)',
  'settings.where': 'Kept with your account: the same at every machine.',
}

export const useWords = wordsWith(zh, en)
