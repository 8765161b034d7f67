// What the pages say of masked personal data, beside `words-zh.js` and `words-en.js`.

export const zh = {
  reveal: '显示',
  'reveal.title': '显示完整的个人信息',
  'reveal.hint': '请写明用途。谁在什么时候、为什么看过，会记入操作记录。',
  'reveal.reason': '用途',
  'reveal.missing': '没有填写用途，未显示',
  'reveal.ticket': '工单标题',
  'reveal.summary': '摘要',
}

export const en = {
  reveal: 'Show',
  'reveal.title': 'Show personal data in full',
  'reveal.hint': 'Say what you need it for. Who looked, when and why is kept in the audit log.',
  'reveal.reason': 'What it is needed for',
  'reveal.missing': 'Nothing was shown: say what it is needed for',
  'reveal.ticket': 'Title',
  'reveal.summary': 'Summary',
}
