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
  push: '离开工作台时',
  'push.hint':
    '没有打开任何工作台窗口时，按上面的选择推送到你选定的设备。通知只写工单编号，不写用户说了什么；经浏览器厂商的推送服务加密送达。退出登录后不再推送。',
  'push.here': '在这台设备上推送',
  'push.off': '管理员没有开启推送（push.enabled）。',
  'push.not-given': '浏览器没有允许通知，所以没有开启。再点一次，并在弹出的询问里选“允许”。',
  'push.failed': '浏览器连不上它的推送服务，所以没有开启。请检查网络，或换一个浏览器。',
  'push.many': '推送的设备已到上限。先在下面移除一台，再试。',
  'push.obstacle.denied': '浏览器禁止了通知。请点地址栏左边的图标，把“通知”改为允许，再重新载入这一页。',
  'push.obstacle.missing': '这个浏览器不能接收推送：请用 https 网址打开工作台，或换一个浏览器。',
  'push.obstacle.home':
    'iPhone 和 iPad 要先把工作台加到主屏幕（分享 → 添加到主屏幕），再从主屏幕打开它来开启。',
  'push.nowhere': '还没有推送到任何设备。',
  'push.devices': '推送到这些设备',
  'push.this': '（这台设备）',
  'push.since': '{at} 起，经 {service}',
  'push.remove': '移除',
  'push.remove.of': '不再推送到 {name}',
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
  push: 'While you are away from the desk',
  'push.hint':
    'With no window of the desk open, what you chose above is pushed to your devices. Notices name the ticket’s number, never what anybody said, and come encrypted through the browser maker’s push service. Signing out ends it.',
  'push.here': 'Push to this device',
  'push.off': 'An administrator has not switched pushing on (push.enabled).',
  'push.not-given':
    'The browser did not allow notices, so nothing was switched on. Press again and allow them when it asks.',
  'push.failed':
    'The browser cannot reach its push service, so nothing was switched on. Check the network, or use another browser.',
  'push.many': 'You have as many devices as there can be. Remove one below, then try again.',
  'push.obstacle.denied':
    'The browser forbids notices. Click the mark beside the address, allow them, and load this page again.',
  'push.obstacle.missing':
    'This browser cannot be pushed to: open the desk by its https address, or use another browser.',
  'push.obstacle.home':
    'On an iPhone or iPad put the desk on the home screen first (Share → Add to Home Screen), then open it from there.',
  'push.nowhere': 'Nothing is pushed to any device yet.',
  'push.devices': 'Pushed to these devices',
  'push.this': '(this device)',
  'push.since': 'since {at}, through {service}',
  'push.remove': 'Remove',
  'push.remove.of': 'Push to {name} no more',
  'settings.where': 'Kept with your account: the same at every machine.',
}

export const useWords = wordsWith(zh, en)
