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
  'settings.where': 'Kept with your account: the same at every machine.',
}

export const useWords = wordsWith(zh, en)
