import type { EntityKind } from '../core/understanding.ts'

export type SpokenLanguage = 'zh' | 'en'
export type Tone = 'standard' | 'acg'

/** A kind of message the bot cannot read. */
export type Attachment = 'image' | 'audio' | 'video' | 'file' | 'location' | 'link' | 'unsupported'

/** What the bot says in its own words; articles and intents bring the rest. Facts are the same in every tone. */
export interface Wording {
  readonly greeting: string
  /** Above articles that may be meant. */
  readonly clarify: string
  /** Above the articles of a chosen subject. */
  readonly about: (subject: string) => string
  readonly vague: string
  readonly nothingFound: string
  /** Nothing found in a language that is neither Chinese nor English; in both. */
  readonly otherLanguage: string
  readonly helpCentre: (url: string) => string
  /** Asks for words instead of what the bot cannot read. */
  readonly wordsPlease: (attachment: Attachment) => string
  readonly sticker: string
  readonly chat: string
  readonly unknownOption: string
  readonly refusal: string
  /** What the bot can do, as subjects. */
  readonly ability: (subjects: readonly string[]) => string
  readonly calmDown: string
  readonly spam: string
  readonly apology: string
  readonly stillNoHelp: string
  /** Something urgent that a person takes, without an article on it. */
  readonly urgent: string
  readonly personTopic: string
  readonly crisis: string
  /** Above an answer that exists in Chinese only. */
  readonly onlyChinese: string
  /** Instead of the answer that was just given. */
  readonly sameAnswer: string
  /** Above what may be meant instead of the answer that was turned down. */
  readonly meantOtherwise: string
  /** The same when every option was turned down. */
  readonly noneFits: string
  /** The answer was right and did not help. */
  readonly notHelped: string
  /** Before options for the rest of a message that was answered in part. */
  readonly restUnclear: string
  /** A question of several that nothing answers, and one that is none of the brand's business. */
  readonly restUnknown: (question: string) => string
  readonly restRefused: (question: string) => string
  /** A thing was named and nothing asked about it. */
  readonly thingNoted: (things: string) => string
  readonly things: Readonly<Record<EntityKind, string>>
  /** Thanks for a suggestion; promises nothing. */
  readonly suggestionNoted: string
  /** The contact wants to hear no more of suggestions. */
  readonly noMoreNews: string
  /** Below the answer behind an incident's notice: whether to be told how it goes on, and the button for it. */
  readonly incidentOffer: string
  readonly incidentFollow: string
  /** The same in words, where a message has buttons already. */
  readonly incidentHint: string
  readonly incidentFollowed: string
  /** The same where nothing can be said but answers. */
  readonly incidentFollowedLater: string
  readonly incidentLeft: string
  /** The words named neither incidents nor suggestions: both are meant. */
  readonly allNewsLeft: string
  /** The button was pressed when it was over. */
  readonly incidentOver: string
  /** Before an answer, and after it; one of several, or none. */
  readonly openings: readonly string[]
  readonly closings: readonly string[]
}

/** Whose words these are. */
export interface Speaker {
  readonly name: string
  readonly brand: string
}

const attachmentZh: Readonly<Record<Attachment, string>> = {
  image: '看不懂图片',
  audio: '听不懂这段语音',
  video: '看不懂视频',
  file: '打不开文件',
  location: '看不懂位置',
  link: '打不开链接',
  unsupported: '看不懂这种消息',
}

const thingsZh: Readonly<Record<EntityKind, string>> = {
  video: '视频',
  article: '专栏',
  'live-room': '直播间',
  uid: 'UID',
  order: '订单号',
  phone: '电话号码',
  mail: '邮箱地址',
  link: '链接',
  'short-link': '链接',
}

const standard = ({ name, brand }: Speaker): Wording => ({
  greeting: `你好，我是${brand}的智能客服${name}。直接说你遇到的问题就行，也可以选一个：`,
  clarify: '你想问的是下面哪一个？都不是的话，换个说法再说一次就好。',
  about: (subject) => `关于“${subject}”，你想问的是哪一个？`,
  vague: '请说说是哪方面的问题：是哪个功能、看到了什么提示。',
  nothingFound: '抱歉，我没有找到对应的答案。请换个说法，说清是哪个功能、看到了什么提示，也可以选一个方向：',
  otherLanguage:
    '请用中文或英文说说遇到的问题，也可以选一个方向。想找人工客服，请回复“人工”。\n\nPlease write in Chinese or English, or choose a subject. For a person, reply "human agent".',
  helpCentre: (url) => `也可以到帮助中心找一找：${url}`,
  wordsPlease: (attachment) =>
    `${name}还${attachmentZh[attachment]}，请用文字说说遇到的问题，比如在哪个页面、提示写了什么。`,
  sticker: '收到你的表情了。有问题可以直接告诉我。',
  chat: '我在，请说说遇到了什么问题。',
  unknownOption: '没有这个选项，请再选一个，或者直接说你的问题：',
  refusal: '抱歉，这件事不在我的服务范围。',
  ability: (subjects) => `我能帮你的是${brand}的问题，比如${subjects.join('；')}。`,
  calmDown: '我理解你现在不太愉快。方便的话请说说遇到了什么问题，想找同事可以说“转人工”。',
  spam: '没有看懂这段内容。需要帮助的话，请用一句话说说遇到的问题。',
  apology: '很抱歉给你带来了不好的体验，我这就请同事来处理。',
  stillNoHelp: '抱歉，还是没能帮到你，我请同事来看。',
  urgent:
    '这件事会由同事优先处理。请先准备好账号 UID、相关记录和截图，把经过写在这里；不要把密码或验证码告诉任何人。',
  personTopic: '这件事由同事来处理。可以先把经过、相关链接或订单号写在这里。',
  crisis:
    '你的安全最重要。如果现在有危险，请马上拨打 110 或 120；也可以拨打 12356 心理援助热线，随时有人听你说。请先不要一个人待着。',
  onlyChinese: '',
  sameAnswer:
    '答案和上一条一样，就不再发一遍了。如果没有解决，请说说卡在哪一步、看到了什么提示，也可以选一个：',
  meantOtherwise: '抱歉，我理解错了。你想问的是下面哪一个？都不是的话，请再说具体一点。',
  noneFits: '好的，都不是。请换个角度说说：是哪个功能、想做什么、看到了什么提示，也可以选一个：',
  notHelped: '抱歉，没有帮你解决。请说说做到了哪一步、看到了什么提示，也可以选一个：',
  restUnclear: '另外，你还想问的是下面哪一个？',
  restUnknown: (question) => `“${question}”我没有找到答案，请换个说法单独再问一次。`,
  restRefused: (question) => `“${question}”不在我的服务范围。`,
  thingNoted: (things) => `收到${things}了，请说说想问它的什么问题，比如看到了什么提示、想怎么处理。`,
  things: thingsZh,
  suggestionNoted:
    '谢谢你的建议，我记下来了，会和其他人提的一起交给产品同事看。能不能做还不好说，有结果会告诉你。',
  noMoreNews: '好的，建议的处理结果不会再通知你。以后有想法还是可以直接告诉我。',
  incidentOffer: '恢复后要告诉你吗？',
  incidentFollow: '有进展告诉我',
  incidentHint: '想知道进展，回复“有进展告诉我”。',
  incidentFollowed: '好的，有进展会告诉你。不想再收到，回复“退订进展通知”即可。',
  incidentFollowedLater:
    '好的，记下了。这里我只能回复你发来的消息，有进展会在你下次发消息时告诉你。不想再收到，回复“退订进展通知”即可。',
  incidentLeft: '好的，故障进展不会再通知你。有问题随时问我。',
  allNewsLeft: '好的，故障进展和建议的处理结果都不会再通知你。有问题随时问我。',
  incidentOver: '这个问题已经处理结束了。如果你那里还不正常，直接告诉我。',
  openings: [],
  closings: [],
})

const acg = (speaker: Speaker): Wording => {
  const { name, brand } = speaker
  return {
    ...standard(speaker),
    greeting: `哈喽~我是${brand}的智能客服${name}！遇到什么问题直接说，也可以选一个：`,
    clarify: `${name}猜你想问的是其中一个~ 都不是的话，换个说法再试一次：`,
    about: (subject) => `“${subject}”频道已打开，想问的是哪一个呢？`,
    vague: `请给${name}多一点线索~ 是哪个功能、看到了什么提示？`,
    nothingFound: `呜，${name}没有找到对应的答案。请换个说法，说清是哪个功能、看到了什么提示，也可以选一个方向：`,
    wordsPlease: (attachment) =>
      `${name}还${attachmentZh[attachment]}，请用文字说说遇到的问题吧~ 比如在哪个页面、提示写了什么。`,
    sticker: '表情包收下啦！有问题也可以直接丢过来~',
    chat: '在哒~请说说遇到了什么问题！',
    unknownOption: '没有这个选项哦，请再选一个，或者直接说你的问题~',
    refusal: `这个副本不归${name}管呢。`,
    ability: (subjects) => `${name}能帮的是${brand}的问题，比如${subjects.join('；')}~`,
    spam: '这段内容没看懂哦~ 需要帮助的话，请用一句话说说遇到的问题。',
    sameAnswer: `答案和上一条一样，${name}就不刷屏啦~ 没解决的话，说说卡在哪一步、看到了什么提示，也可以选一个：`,
    meantOtherwise: `呜，${name}理解错了。你想问的是下面哪一个？都不是的话，请再说具体一点~`,
    noneFits: '好哒，都不是。换个角度说说：是哪个功能、想做什么、看到了什么提示，也可以选一个：',
    notHelped: '呜，没有帮你解决。说说做到了哪一步、看到了什么提示，也可以选一个：',
    restUnclear: '还有一问，你想问的是下面哪一个呢？',
    restUnknown: (question) => `“${question}”${name}没有找到答案，换个说法单独再问一次吧~`,
    restRefused: (question) => `“${question}”这个副本不归${name}管呢。`,
    thingNoted: (things) => `${things}收到啦~ 想问它的什么问题呢？看到了什么提示、想怎么处理，都可以说。`,
    suggestionNoted: `好点子get！${name}记到小本本上啦，会和大家提的一起交给产品同事~ 能不能做还不好说，有结果会告诉你。`,
    openings: ['找到攻略啦~', `${name}查到了：`, '答案在这里，请查收~'],
    closings: ['还卡关的话，随时叫我~', '没解决就告诉我卡在哪一步哦~', '有问题随时再来找我~'],
  }
}

const thingsEn: Readonly<Record<EntityKind, string>> = {
  video: 'the video',
  article: 'the article',
  'live-room': 'the live room',
  uid: 'the UID',
  order: 'the order number',
  phone: 'the phone number',
  mail: 'the mail address',
  link: 'the link',
  'short-link': 'the link',
}

const attachmentEn: Readonly<Record<Attachment, string>> = {
  image: "I can't read pictures yet.",
  audio: "I couldn't make out this voice message.",
  video: "I can't watch videos yet.",
  file: "I can't open files yet.",
  location: "I can't read locations yet.",
  link: "I can't open links.",
  unsupported: "I can't read this kind of message yet.",
}

const english = ({ name, brand }: Speaker): Wording => ({
  greeting: `Hello, I'm ${name}, the ${brand} support bot. Tell me what happened, or choose a subject:`,
  clarify: 'Which of these do you mean? If none, please say it in other words.',
  about: (subject) => `About "${subject}": which one do you mean?`,
  vague: 'What is it about? Please tell me which feature it is and what message you see.',
  nothingFound:
    'Sorry, I found no answer to that. Please say it in other words, with the feature and the message you see, or choose a subject:',
  otherLanguage:
    'Please write in Chinese or English, or choose a subject. For a person, reply "human agent".\n\n请用中文或英文说说遇到的问题，也可以选一个方向。想找人工客服，请回复“人工”。',
  helpCentre: (url) => `You can also look in the help centre: ${url}`,
  wordsPlease: (attachment) =>
    `${attachmentEn[attachment]} Please describe the problem in words: which page, and what does it say?`,
  sticker: 'Got it. If you have a question, just ask.',
  chat: "I'm here. What do you need help with?",
  unknownOption: 'There is no such option. Please choose again, or just ask your question:',
  refusal: "Sorry, I can't help with that.",
  ability: (subjects) => `I can help with ${brand}, for example: ${subjects.join('; ')}.`,
  calmDown:
    'I understand that you are upset. Please tell me what happened, or say "human agent" for a person.',
  spam: "I couldn't read that. If you need help, please describe the problem in one sentence.",
  apology: 'I am sorry about this experience. I am calling a colleague now.',
  stillNoHelp: 'Sorry, I still could not help you. I am asking a colleague to look at it.',
  urgent:
    'A colleague handles this with priority. Please have your account UID, records and screenshots ready and write here what happened. Never share passwords or codes.',
  personTopic:
    'A colleague handles this. Please write here what happened, with links or order numbers if you have them.',
  crisis:
    'Your safety matters most. If you are in danger now, please call 110 (police) or 120 (ambulance). You can also call 12356, the psychological support line in China. Please do not stay alone.',
  onlyChinese: 'This answer is available in Chinese only for now:',
  sameAnswer:
    'The answer is the one above, so I am not sending it again. If it did not help, tell me where you are stuck and what message you see, or choose:',
  meantOtherwise:
    'Sorry, I got that wrong. Which of these do you mean? If none, please tell me a little more.',
  noneFits:
    'All right, none of these. Please tell me more: which feature, what you want to do, what message you see. Or choose:',
  notHelped:
    'Sorry that this did not help. Please tell me how far you got and what message you see, or choose:',
  restUnclear: 'As for the rest, which of these do you mean?',
  restUnknown: (question) => `I found no answer to "${question}". Please ask it once more in other words.`,
  restRefused: (question) => `I can't help with "${question}".`,
  thingNoted: (things) =>
    `Got ${things}. What is your question about it? For example, what message you see, or what you want done.`,
  things: thingsEn,
  suggestionNoted:
    'Thank you for the suggestion. I have noted it for the product team, together with what others ask for. I cannot promise that it will be done; you will hear what becomes of it.',
  noMoreNews:
    'All right, you will hear no more of what becomes of suggestions. You can still tell me your ideas at any time.',
  incidentOffer: 'Shall I tell you when there is news?',
  incidentFollow: 'Notify me',
  incidentHint: 'To hear how it goes on, reply "notify me".',
  incidentFollowed: 'All right, you will hear how it goes on. To hear no more, reply "stop updates".',
  incidentFollowedLater:
    'All right, noted. Here I can only answer your messages, so you will hear how it goes on when you write next. To hear no more, reply "stop updates".',
  incidentLeft: 'All right, you will hear no more of incidents. Ask me anything at any time.',
  allNewsLeft:
    'All right, you will hear no more of incidents, nor of what becomes of suggestions. Ask me anything at any time.',
  incidentOver: 'This is over by now. If it still does not work for you, just tell me.',
  openings: [],
  closings: [],
})

/** The bot's words in a language and tone. English has one tone. */
export const wordingFor = (language: SpokenLanguage, tone: Tone, speaker: Speaker): Wording => {
  if (language === 'en') return english(speaker)
  return tone === 'acg' ? acg(speaker) : standard(speaker)
}
