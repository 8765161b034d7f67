import { simplify, takeFaces } from '../text/index.ts'

/** What a contact says against the last answer. */
export interface Correction {
  /** `wrong`: not what was asked; `none`: none of the options; `no-help`: right, but it did not help. */
  readonly kind: 'wrong' | 'none' | 'no-help'
  /** What the contact says instead, simplified; empty: nothing. */
  readonly rest: string
  /** False where the words might just as well begin a question of their own: "我想问的是…". */
  readonly plain: boolean
  /** Said by a thumb down alone. */
  readonly thumbed?: true
}

/** Longest text that is read as a correction, in UTF-16 units. */
const longest = 200

/** `none` first: "都不是" holds a "不是". */
const openings: readonly (readonly [Correction['kind'], RegExp])[] = [
  [
    'none',
    /^(?:这|以上|上面)?(?:几个|些|两个|三个)?(?:都|全都|全|一个都|两个都|没一个)(?:不是|不对|不行|没有|不符合|不是的|是错的)(?:我?(?:想|要|想要)?(?:问|要|找)?的)?/,
  ],
  [
    'none',
    /^(?:里面|上面|选项里)?(?:没有|没)(?:一个是?)?(?:我(?:想|要|想要)?(?:要|问|找)?的|对的|合适的|符合的)(?:选项|问题)?/,
  ],
  ['none', /^none(?: of (?:them|these|those|the above|it))?|^neither(?: of (?:them|these))?/i],
  ['wrong', /^(?:你|您)?(?:完全|又|还是)?(?:理解|弄|搞|听|看|回答|答|说)错(?:了|误)?/],
  [
    'wrong',
    /^(?:你(?:说|答|回答|讲)的?)?(?:这|那)?(?:个)?(?:并|才|根本|完全|也|还)?不是(?:这个意思|这意思|那个意思|这个|那个|这样的?|我的意思|我的问题|我?(?:想|要|想要)?(?:问|说|找|要)的(?:这个|那个|问题|东西|意思)?|(?:问|说|要|找)(?:的)?(?:这个|那个))(?:问题|答案|意思)?/,
  ],
  [
    'wrong',
    /^我(?:又|也|根本|可)?(?:不是|没有?)(?:在|想|要)?(?:问|说|找|要)(?:的)?(?:这个|那个|这)(?:问题|意思)?/,
  ],
  ['wrong', /^(?:完全|纯粹|简直)?(?:答非所问|牛头不对马嘴|驴唇不对马嘴|文不对题|鸡同鸭讲|跑题了?)/],
  [
    'wrong',
    /^(?:你|您|机器人)(?:还是|根本|完全|又)?(?:没有?|不)(?:听|看|读|搞|弄)?(?:懂|明白|理解)(?:我)?(?:的)?(?:意思|问题|话)?/,
  ],
  ['wrong', /^(?:你)?(?:听|看)不懂(?:人话|我的话|我的意思|中文)?/],
  [
    'wrong',
    /^(?:that(?:'?s| is)|this is|it(?:'?s| is)) (?:not|wrong)(?: (?:it|right|my question|what i (?:asked|meant|mean|want(?:ed)?)(?: (?:for|about))?))?/i,
  ],
  [
    'wrong',
    /^(?:not (?:that|this)(?: one)?|not what i (?:asked|meant|mean|want(?:ed)?)(?: for| about)?|wrong(?: answer| one)?)/i,
  ],
  [
    'wrong',
    /^you (?:misunderstood|got (?:it|me|that) wrong|don'?t (?:understand|get it))(?: me| my question)?/i,
  ],
]
/** Only where the sentence ends behind them: "不对劲", "no code". */
const bare: readonly (readonly [Correction['kind'], RegExp])[] = [
  ['wrong', /^(?:还是|也|都)?(?:不对不对|不是不是|不对|不是的|不是|错了)/],
  ['wrong', /^(?:no|nope|nah)(?=[,.!;]|$| (?:actually,? )?i (?:meant?|was))/i],
]
const particles = /^(?:的|啊|呀|吧|啦|了|吗|呢|哦|哈|诶|嘛|好吗|好吧)*/
const ends = /^(?:$|[\s,.;:!?~，。；：！？、…—-]+)/
/** "我问的是…", "I meant …": what stands behind is what is meant. */
const meant =
  /^(?:而是|其实)?(?:我(?:想|要|是想|是要)?(?:问|说|指|讲|找|要)的(?:其实|明明)?是|我的(?:意思|问题)是|我(?:其实|明明)?是(?:说|问|想问|要问|想说|指)|(?:actually,? )?i (?:meant|mean|was asking|asked|was talking)(?: to (?:ask|know))?(?: about| for)?|my question (?:is|was))[\s,:，：]*/i
const also =
  /^(?:而是|我(?:想|要)(?:问|说|知道|找)(?:的是)?|我要|应该是|是|i (?:want(?:ed)?|need(?:ed)?)(?: to know)?(?: about)?|it'?s about)[\s,:，：]*/i
/** "我说的不是审核，是转码" */
const contrast =
  /^(?:我(?:想|要)?(?:问|说|指)的)?不是[^,，。;；!！?？]{1,20}[\s,，。;；]+(?:而|我(?:问|说)的)?是(.{1,100})$/u
const noHelp =
  /^(?:(?:我)?(?:按你说的|照着|照做)?(?:都|也)?(?:试|弄|做|操作)(?:过|完)?了?(?:好几次|一遍|一下)?[\s,，]*)?(?:还是|依然|仍然|仍|也|都|根本|完全)?(?:不行|没用|没有用|不管用|不好使|没解决|没有解决|解决不了|没效果|没有效果|不起作用|没帮助|没什么用|老样子)(?:啊|呀|呢|的|了|诶)*[\s。.!！~]*$|^(?:it |that |this )?(?:still )?(?:(?:doesn'?t|does not|didn'?t|did not|isn'?t|not) (?:really )?(?:work(?:ing)?|help(?:ful|ing)?)|no help|useless|no use|no luck)[\s.!]*$/i

const trimEnds = (text: string): string =>
  text.replace(/^[\s,.;:!?~，。；：！？、…—-]+/, '').replace(/[\s,，]+$/, '')

/** What is left behind an opening, when one stands at the start of the text. */
const open = (text: string): { readonly kind: Correction['kind']; readonly rest: string } | undefined => {
  for (const [kind, pattern] of [...openings, ...bare]) {
    const found = pattern.exec(text)?.[0]
    if (found === undefined) continue
    const behind = text.slice(found.length).replace(particles, '')
    if (ends.test(behind) || meant.test(behind)) return { kind, rest: trimEnds(behind) }
  }
  return undefined
}

const thumbsDown: ReadonlySet<string> = new Set(['emoji:👎', 'face:弱', 'face:差劲'])
const thumbWords = /^(?:点?踩|踩一下|(?:给|来)?(?:个|一个)?差评|thumbs? down)[\s。.!！~]*$/i

/** "👎", WeChat's `/:weak`, Weibo's `[弱]`, "踩" and nothing else. */
const isThumbDown = (text: string): boolean => {
  const faces: string[] = []
  const words = takeFaces(text, faces).trim()
  if (words !== '') return faces.length === 0 && thumbWords.test(words)
  return faces.length > 0 && faces.every((face) => thumbsDown.has(face))
}

/**
 * Reads "不是这个", "都不对，我要的是发票", "答非所问", "no, I meant refunds". Undefined for anything else. Whether
 * there was something to correct is for the caller to know.
 */
export const readCorrection = (text: string): Correction | undefined => {
  const said =
    text.length > longest ? '' : trimEnds(simplify(text).normalize('NFKC').replaceAll('’', "'").trim())
  if (said === '') return undefined
  if (isThumbDown(said)) return { kind: 'no-help', rest: '', plain: true, thumbed: true }
  if (noHelp.test(said)) return { kind: 'no-help', rest: '', plain: true }
  const instead = contrast.exec(said)?.[1]
  if (instead !== undefined) return { kind: 'wrong', rest: trimEnds(instead), plain: true }
  let opened: ReturnType<typeof open>
  for (let round = 0; round < 3; round += 1) {
    const next = open(opened?.rest ?? said)
    if (next === undefined) break
    opened = { kind: opened?.kind === 'none' ? 'none' : next.kind, rest: next.rest }
    if (next.rest === '') break
  }
  const behind = opened?.rest ?? said
  const rest = trimEnds(behind.replace(meant, ''))
  if (opened === undefined)
    return rest === behind || rest === '' ? undefined : { kind: 'wrong', rest, plain: false }
  return { kind: opened.kind, rest: trimEnds(rest.replace(also, '')), plain: true }
}
