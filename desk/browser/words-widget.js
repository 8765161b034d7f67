// What the pages say of what contacts do in the widget, beside `words-zh.js` and `words-en.js`.

export const zh = {
  'event.helpful': '觉得这个回答有帮助',
  'event.not-helpful': '觉得这个回答没帮助',
  'event.left-message': '留言',
  'event.identified': '网站确认了身份',
  'event.context': '来自网页',
  'reason.left-message': '联系人留了言',
}

export const en = {
  'event.helpful': 'found this answer helpful',
  'event.not-helpful': 'found this answer not helpful',
  'event.left-message': 'left a message',
  'event.identified': 'the website confirmed who this is',
  'event.context': 'from the page',
  'reason.left-message': 'The contact left a message',
}
