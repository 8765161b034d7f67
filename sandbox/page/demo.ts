/** Sentences worth trying first; the page offers them as chips. */
export const suggestions: readonly string[] = [
  '视频审核要多久',
  '怎么取消自动续费',
  '转人工',
  '我的号被盗了',
  '大会员怎么退款',
  '投稿一直转码失败怎么办',
  '你们态度太差了，我要投诉！',
  'How do I stop auto-renewal?',
]

/** The account's own menu, as an operator would set it up on the platform. */
export const accountMenu = [
  { label: '常见问题', kind: 'click', key: 'MENU_FAQ' },
  { label: '联系人工', kind: 'click', key: 'MENU_TALK_TO_HUMAN' },
  { label: '官方网站', kind: 'view', url: 'https://shop.example/' },
] as const

/** People who follow the demo account. Give them to the simulator. */
export const demoUsers = [
  { openid: 'oTongdaDemo_AbaiAbaiAbaiAb01', name: '阿白' },
  { openid: 'oTongdaDemo_LumuLumuLumuLu02', name: '鹿目' },
  { openid: 'oTongdaDemo_ZuotengZuoten03', name: '佐藤' },
] as const
