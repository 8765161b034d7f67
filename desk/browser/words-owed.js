// What the pages say of promised times and complaints, beside `words-zh.js` and `words-en.js`.

export const zh = {
  'due.next': '下次回复截止',
  'due.paused': '计时暂停',
  'due.what.first-reply': '首次回复',
  'due.what.next-reply': '回复',
  'due.what.resolution': '解决',
  alerts: '提醒 {n}',
  'alerts.seen': '全部已读',
  'alert.danger': '{what}即将超时',
  'alert.broken': '{what}已超时',
  'change.promise-in-danger': '即将超时',
  'change.promise-broken': '已超时',
  'reason.identity-code': '联系人在回答身份验证码',
}

export const en = {
  'due.next': 'Next reply due',
  'due.paused': 'Clock paused',
  'due.what.first-reply': 'First reply',
  'due.what.next-reply': 'Reply',
  'due.what.resolution': 'Resolution',
  alerts: 'Alerts {n}',
  'alerts.seen': 'Mark all as seen',
  'alert.danger': '{what} nearly overdue',
  'alert.broken': '{what} overdue',
  'change.promise-in-danger': 'nearly overdue',
  'change.promise-broken': 'overdue',
  'reason.identity-code': 'About the one-time code that shows who the contact is',
}
