import { withoutAddresses } from './names.ts'
import { withoutNumbers } from './numbers.ts'
import { plain, withoutMarks } from './read.ts'
import { englishFillers, fillers, segmentsIn, stemOf } from './words.ts'

/** Words with which anybody may say what an article says: they tell of nothing that it does not. */
const common = new Set(
  `打开 进入 点击 点按 点开 选择 选 选中 找到 前往 到 去 来 点 按 填 填写 输入 查看 看 看到 使用 用 操作 进行 办理 处理 需要
  需 要 想 想要 可以 可 能 能够 会 将 请 麻烦 建议 注意 留意 如果 若 如 的话 时 时候 当 即可 就行 就 便 则 后 之后 以后 然后 接着 再 先
  首先 最后 之前 以前 前 目前 现在 一般 通常 大约 大概 左右 约 共 总共 一共 为 是 有 没有 无 不 不能 不会 无法 不可 不可以 不用 不需要 无需
  不要 别 未 没 因为 由于 所以 因此 但 但是 不过 而 并 并且 且 或 或者 以及 和 与 及 其 其中 另外 此外 同时 还 也 都 只 仅 才 在 从 由
  对 对于 关于 给 被 把 向 往 按照 根据 通过 直接 里 里面 内 中 上 下 处 这里 那里 这个 那个 这些 那些 这样 那样 您 你 您的 你的 自己 我们
  他 她 它 大家 情况 问题 方法 方式 步骤 内容 页面 功能 入口 位置 东西 事情 钱 个 次 种 条 项 些 一个 一下 一些 一种 一次 一般来说 具体
  详细 详情 相关 有关 任何 所有 全部 每 各 进去 出来 里头 好 后续 收到 得到 获得 拿到 变 成 变成 做 弄 完 完成 至 叫 属于
  包括 包含 比如 例如 等 等等 哦 呢 吧 啦 呀 啊 嗯 了 过 着 的 地 得 之 以 于 所 者 吗 已 已经 仍 仍然
  依然 此时 届时 随后 稍后 稍 接下来 重新 再试 试 试试 耐心 表示 说明 提示 出现 遇到 发现 保持 确保 尽量 尽快
  依次 逐一 正常 这种 放心 感谢 谢谢 抱歉 应 应该 应当 最好 务必 否则 不然 一旦 无论 虽然 即使 为何 为了 以免 避免 帮 帮助 帮您 为您
  自行 随时 是否 能否 旁边 界面 按钮 选项 列表 期间 其间 比较 更 很 对应 相应 可能 一样 同样 请勿
  什么 怎么 如何 哪里 哪些 哪个 多少 多久 为什么`.split(/\s+/),
)
/** Longer forms of words: 换 is 更换. */
const longer: Readonly<Record<string, string>> = {
  ...{ 更换: '换', 修改: '改', 发送: '发', 查询: '查', 核对: '查', 检查: '查', 尝试: '试', 等待: '等' },
}
const commonEnglish = new Set(
  `go tap click choose select pick find enter type fill press use see view check look get make take need want let come done
  complete first next now not no yes cannot can't don't doesn't isn't aren't won't only all any each every some other same more
  about out through because but still already again always usually normally way step page place thing time one into onto
  than both may must shall however such via per between within during without yourself whether simply directly able allowed
  note sure ensure case also needed otherwise instead currently alternatively meantime meanwhile require try wait later soon
  following there's it's that's you'll you're you've too well even yet provide display appear like similar`
    .split(/\s+/)
    .map(stemOf),
)

/** Made of pieces that the source has, of two characters at least, and common words. */
const isComposed = (word: string, source: string): boolean => {
  const upTo = Array.from({ length: word.length + 1 }, (_, end) => end === 0)
  for (let end = 1; end <= word.length; end += 1)
    upTo[end] = upTo.slice(0, end).some((isReached, start) => {
      const piece = word.slice(start, end)
      return isReached && (common.has(piece) || (piece.length > 1 && source.includes(piece)))
    })
  return upTo[word.length] === true
}

const chinese = (text: string, source: string): readonly string[] => {
  const known = plain(withoutMarks(source)).replace(/\s+/gu, '')
  const said = plain(withoutNumbers(withoutMarks(text)))
  return segmentsIn(said).flatMap(({ segment: word, index }) => {
    const isWord = /\p{Script=Han}/u.test(word) && word.replace(fillers, '') !== ''
    if (!isWord || common.has(word)) return []
    // Of one character nearly all are somewhere: it has to stand beside the same one as there.
    const beside = [said.slice(Math.max(0, index - 1), index + 1), said.slice(index, index + 2)].filter(
      (pair) => /^\p{Script=Han}{2}$/u.test(pair),
    )
    const readings = word.length > 1 || beside.length === 0 ? [word] : beside
    const isKnown =
      readings.concat(longer[word] ?? []).some((one) => known.includes(one) || common.has(one)) ||
      isComposed(word, known)
    return isKnown ? [] : [word]
  })
}

const englishWords = (text: string): readonly string[] =>
  (plain(text).match(/[a-z']+/gu) ?? []).filter((word) => !englishFillers.has(word)).map(stemOf)

const english = (text: string, source: string): readonly string[] => {
  const known = new Set(englishWords(source))
  return englishWords(withoutNumbers(text)).filter(
    (word) => word !== '' && !known.has(word) && !commonEnglish.has(word),
  )
}

/** Words of a sentence that its articles do not have, and that are not everybody's: one in place of another makes it false. */
export const foreignWords = (text: string, source: string, language: 'zh' | 'en'): readonly string[] =>
  (language === 'zh' ? chinese : english)(withoutAddresses(text), source)
