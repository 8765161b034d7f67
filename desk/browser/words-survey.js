// What the pages say of surveys, beside `words-zh.js` and `words-en.js`.

export const zh = {
  'failure.held_back': '邀请只在规定的时段、活动进行时发出；到时自动发送',
  'reason.survey-scored': '联系人回答了调查：{score}',
  'reason.survey-commented': '联系人说了对这次服务的意见',
  'reason.survey-stopped': '联系人不想再收到评价邀请',
  'reason.survey-agreed': '联系人愿意参加调研',
  'reason.survey-over': '评价邀请已经过期',
  'reason.low-score': '对工单 T-{number} 的评价只有 {score} 分',
}

export const en = {
  'failure.held_back':
    'Invitations go out in the hours of campaigns, while the campaign runs; sent by itself then',
  'reason.survey-scored': 'The contact answered a survey: {score}',
  'reason.survey-commented': 'The contact commented on our help',
  'reason.survey-stopped': 'The contact wants to be asked for ratings no more',
  'reason.survey-agreed': 'The contact agrees to be asked in surveys',
  'reason.survey-over': 'The survey is over',
  'reason.low-score': 'T-{number} was rated {score} of 5 only',
}
