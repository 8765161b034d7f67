import type { HelpLanguage } from '../core/help.ts'

/** What the pages say beside the articles. */
export interface Words {
  readonly lang: string
  readonly skip: string
  readonly search: string
  readonly searchHint: string
  readonly suggestions: string
  readonly otherLanguage: string
  readonly home: string
  readonly path: string
  readonly popular: string
  readonly topics: string
  readonly articles: (count: number) => string
  readonly related: string
  readonly handoff: string
  readonly helped: string
  readonly yes: string
  readonly no: string
  readonly thanks: string
  readonly sorry: string
  readonly stale: string
  readonly spent: string
  readonly person: string
  readonly personIntro: string
  readonly chat: string
  readonly chatHint: string
  readonly phone: string
  readonly mail: string
  readonly noWays: string
  readonly hours: string
  readonly closed: (back: string) => string
  readonly ticket: string
  readonly ticketTitle: string
  readonly ticketIntro: string
  readonly ticketSteps: readonly string[]
  readonly ticketWhy: string
  readonly results: (query: string, count: number) => string
  readonly resultsTitle: string
  readonly typeSomething: string
  readonly nothing: (query: string) => string
  readonly nothingHints: readonly string[]
  readonly notRight: string
  readonly onlyTranslated: (here: number, there: number) => string
  readonly otherOnly: string
  readonly missing: string
  readonly missingHint: string
  readonly tooMany: string
  readonly tooManyHint: string
  readonly broken: string
  readonly brokenHint: string
  readonly foreign: string
  readonly foreignHint: string
  readonly incident: string
  readonly since: string
  readonly links: string
}

const zh: Words = {
  lang: 'zh-CN',
  skip: '跳到正文',
  search: '搜索',
  searchHint: '搜索问题，比如“怎么关闭自动续费”',
  suggestions: '搜索建议',
  otherLanguage: 'English',
  home: '首页',
  path: '当前位置',
  popular: '大家常问',
  topics: '全部分类',
  articles: (count) => `${count} 篇`,
  related: '相关问题',
  handoff: '这类问题由人工同事处理，按上面准备好材料再联系，会更快。',
  helped: '这篇文章有帮助吗？',
  yes: '有帮助',
  no: '没帮助',
  thanks: '谢谢，已经记下了。',
  sorry: '抱歉没帮上忙，已经记下了，我们会改进这篇文章。现在就想解决，可以直接找人工。',
  stale: '页面打开太久了，请再点一次。',
  spent: '已经记过了，谢谢。',
  person: '找人工',
  personIntro: '文章没解决问题？用下面任意一种方式联系我们。',
  chat: '在线聊天',
  chatHint: '先由智能客服接待，随时说“人工”就会转给同事。',
  phone: '电话',
  mail: '邮件',
  noWays: '请回到你平时联系我们的地方（微信、微博等），直接说“人工”。',
  hours: '服务时间',
  closed: (back) => `同事现在不在，${back} 回来；可以先留言。`,
  ticket: '我的工单',
  ticketTitle: '我的工单到哪一步了？',
  ticketIntro: '每张工单都有自己的进度页，只有收到链接的人能打开。',
  ticketSteps: [
    '打开你提交问题的聊天或邮件，找到写着工单号（T-开头）的那条消息。',
    '点消息里的进度链接，就能看到现在的状态和承诺的回复时间。',
    '找不到那条消息，就在原来的聊天或邮件里发“我的工单进度”或工单号，我们在那里回答。',
  ],
  ticketWhy: '为了保护你的隐私，这里不能用工单号查询：工单号谁都可能看到，进度只告诉提交的人。',
  results: (query, count) => `“${query}”的搜索结果，共 ${count} 篇`,
  resultsTitle: '搜索结果',
  typeSomething: '写一个词或一句话，再点搜索。',
  nothing: (query) => `没有找到和“${query}”有关的文章。`,
  nothingHints: [
    '换一种说法，或只写最关键的词，比如“退款”。',
    '拼音首字母也可以，比如“dhytk”。',
    '从下面的分类里找。',
    '直接找人工。',
  ],
  notRight: '都不是你要找的？',
  onlyTranslated: () => '',
  otherOnly: '',
  missing: '没有这个页面',
  missingHint: '文章可能已经下线或换了地址。搜索一下，或从分类里找。',
  tooMany: '操作太频繁了',
  tooManyHint: '请过一分钟再试。',
  broken: '页面暂时打不开',
  brokenHint: '我们这边出了问题，请过一会儿再试，或直接找人工。',
  foreign: '没有记下',
  foreignHint: '这次提交不是从本站的页面发出的。请打开文章，再点一次。',
  incident: '服务公告',
  since: '开始于',
  links: '其他链接',
}

const en: Words = {
  lang: 'en',
  skip: 'Skip to content',
  search: 'Search',
  searchHint: 'Search, for example “stop automatic renewal”',
  suggestions: 'Suggestions',
  otherLanguage: '中文',
  home: 'Home',
  path: 'You are here',
  popular: 'Often asked',
  topics: 'All topics',
  articles: (count) => (count === 1 ? '1 article' : `${count} articles`),
  related: 'Related questions',
  handoff: 'A colleague handles this in person. With the things above at hand it goes faster.',
  helped: 'Was this helpful?',
  yes: 'Helpful',
  no: 'Not helpful',
  thanks: 'Thank you, noted.',
  sorry: 'Sorry that it did not help. We noted it and will improve this article. A person can help you now.',
  stale: 'This page was open for too long. Please press once more.',
  spent: 'Already noted, thank you.',
  person: 'Ask a person',
  personIntro: 'No article settled it? Reach us in any of these ways.',
  chat: 'Chat',
  chatHint: 'The assistant answers first; say “human” at any time and a colleague takes over.',
  phone: 'Telephone',
  mail: 'Mail',
  noWays: 'Go back to where you usually write to us (WeChat, Weibo …) and say “human”.',
  hours: 'Hours',
  closed: (back) => `Colleagues are away until ${back}; you can leave a message.`,
  ticket: 'My ticket',
  ticketTitle: 'Where is my ticket?',
  ticketIntro: 'Every ticket has a page of its own that only those who were sent its link can open.',
  ticketSteps: [
    'Open the chat or mail in which you asked, and find the message with the ticket number (it begins with T-).',
    'Follow the link in that message: it shows the state and by when a reply is promised.',
    'If you cannot find it, write “where is my ticket” or its number in that same chat or mail; we answer there.',
  ],
  ticketWhy:
    'To protect you, tickets cannot be looked up here by their number: anybody may have seen the number, and only the person who asked is told.',
  results: (query, count) => `${count === 1 ? '1 article' : `${count} articles`} for “${query}”`,
  resultsTitle: 'Search results',
  typeSomething: 'Write a word or a sentence, then search.',
  nothing: (query) => `Nothing was found for “${query}”.`,
  nothingHints: [
    'Say it in other words, or use the most important one only, such as “refund”.',
    'Look through the topics below.',
    'The Chinese site has more articles.',
    'Ask a person.',
  ],
  notRight: 'Not what you were looking for?',
  onlyTranslated: (here, there) =>
    here === there
      ? ''
      : `Only articles that exist in English are listed here: ${here} of ${there}. The others are in Chinese.`,
  otherOnly: 'This article exists in Chinese only. Read it there',
  missing: 'There is no such page',
  missingHint: 'The article may have been withdrawn or moved. Search, or look through the topics.',
  tooMany: 'Too many requests',
  tooManyHint: 'Please try again in a minute.',
  broken: 'This page cannot be shown right now',
  brokenHint: 'Something went wrong on our side. Please try again soon, or ask a person.',
  foreign: 'Not noted',
  foreignHint: 'This was not sent from a page of ours. Open the article and press once more.',
  incident: 'Service notice',
  since: 'Since',
  links: 'Further links',
}

export const wordsOf = (language: HelpLanguage): Words => (language === 'en' ? en : zh)
