import { wordsWith } from './index.ts'

/* The words of one part of the desk, in both languages; `en` has exactly the keys of `zh`. */

export const zh = {
  'trace.caption': '“{text}”从收到到回复送出',
  'trace.caption.plain': '{at} 的消息从收到到回复送出',
  'trace.step': '步骤',
  'trace.ms': '毫秒',
  'trace.step.stored': '收到并存好',
  'trace.step.pieces': '等下一条（连发合并）',
  'trace.step.queued': '等空闲',
  'trace.step.understood': '理解',
  'trace.step.decided': '决定并写好回复',
  'trace.step.outbox': '等发送',
  'trace.step.sent': '平台接受',
  'trace.wait': '等待',
  'trace.total': '合计（不含等待）',
  'trace.pieces': '连同前面共 {n} 条一起理解。',
  'trace.attempts': '发送 {n} 次。',
  'trace.unknown': '这条消息由另一个节点收下，存储用时没有量到。',
  'trace.ids': '查日志用',
  'trace.id.message': '消息',
  'trace.id.conversation': '会话',
  'trace.id.turn': '轮次',
  'trace.id.outbox': '待发',
  'trace.copy': '复制',
  'trace.copy.named': '复制{what} {id}',
  'trace.copied': '已复制',
  'trace.copy.failed': '浏览器不让复制，请选中文字后按 Ctrl+C。',
} as const

export const en: Readonly<Record<keyof typeof zh, string>> = {
  'trace.caption': '“{text}” from its arrival to the sent reply',
  'trace.caption.plain': 'The message of {at} from its arrival to the sent reply',
  'trace.step': 'Step',
  'trace.ms': 'ms',
  'trace.step.stored': 'Received and stored',
  'trace.step.pieces': 'For further pieces',
  'trace.step.queued': 'For a free worker',
  'trace.step.understood': 'Understood',
  'trace.step.decided': 'Decided and written',
  'trace.step.outbox': 'For the sender',
  'trace.step.sent': 'Taken by the provider',
  'trace.wait': 'wait',
  'trace.total': 'Sum without waits',
  'trace.pieces': 'Understood together with what came before, {n} messages in all.',
  'trace.attempts': 'Tried {n} times.',
  'trace.unknown': 'Another node took this message in; how long storing took was not measured.',
  'trace.ids': 'For the logs',
  'trace.id.message': 'Message',
  'trace.id.conversation': 'Conversation',
  'trace.id.turn': 'Turn',
  'trace.id.outbox': 'Outbox',
  'trace.copy': 'Copy',
  'trace.copy.named': 'Copy {what} {id}',
  'trace.copied': 'Copied',
  'trace.copy.failed': 'The browser does not let us copy; select the words and press Ctrl+C.',
}

/** The desk's words and these. */
export const useWords = wordsWith(zh, en)
