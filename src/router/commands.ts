/** Said alone, these are orders and not the beginning of a sentence. */
const commands: ReadonlySet<string> = new Set([
  '人工',
  '转人工',
  '找人工',
  '人工客服',
  '转人工客服',
  '转接人工',
  '客服',
  'human',
  'agent',
  'operator',
  '取消',
  '退出',
  '返回',
  '菜单',
  '帮助',
  '重新开始',
  'cancel',
  'menu',
  'help',
  'stop',
])

const ornaments = /[\s。．.!！?？~～]+$/u

/** Whether a text is an order or the number of a choice: understood at once, without waiting for further pieces. */
export const isCommand = (text: string): boolean => {
  const word = text.normalize('NFKC').trim().replace(ornaments, '').toLowerCase()
  return commands.has(word) || /^\d{1,2}$/.test(word)
}
