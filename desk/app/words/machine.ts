import { wordsWith, type AnyTranslate, type WordKey as CommonKey } from './index.ts'

/* What a language model does for editors, in words; `en` has exactly the keys of `zh`. */

export const zh = {
  machine: '机器帮手',
  'machine.made': '机器生成',
  'machine.about': '由语言模型生成，用前请逐条看过。改动只进草稿，仍要审核才会发布。',
  'machine.fault.unavailable': '语言模型没有回答。可以自己写，或稍后再试。',
  'machine.fault.too_many': '语言模型今天的额度用完了。可以自己写，或明天再试。',
  'machine.fault.bad_input': '先填好 ID、分类、标准问、相似问和答案，再试一次。',
  'machine.fault.other': '没有做成，请稍后再试。',
  'machine.similar': '想相似问',
  'machine.similar.none': '没有想出新的相似问。',
  'machine.similar.known': '已能答对',
  'machine.similar.other': '会答成“{question}”',
  'machine.similar.add': '把选中的 {n} 条加到相似问',
  'machine.tone': '看语气',
  'machine.tone.none': '没有要改的语气。',
  'machine.tone.use': '换上',
  'machine.tone.used': '已换上，或原句已改',
  'machine.draft': '机器起草',
  'machine.draft.tickets': '从已解决的工单起草',
  'machine.draft.numbers': '工单号（最多 10 个，用空格或逗号分开）',
  'machine.draft.about':
    '用户的问题和客服的回复都会交给模型，电话、邮箱、订单号、姓名等先去掉；答案只以回复为准；只存成草稿。地址和个人经历没有固定格式，请自己看一遍。',
  'machine.draft.go': '起草',
  'machine.draft.fault.bad_input': '工单号要是已解决的咨询，且有客服回复。投诉和申诉不能用。请核对。',
  'machine.draft.fault.not_found': '没有这样的工单，请核对工单号。',
  'machine.draft.fault.conflict': '从这些回复里写不出能给别人看的文章。换几张回复更全的工单，或自己写。',
  'machine.draft.done': '草稿已生成',
  contradictions: '互相矛盾的文章',
  'contradictions.about': '由语言模型逐对比较，两边都引原文。只提示，不改文章。',
  'contradictions.start': '开始比较',
  'contradictions.again': '再比较一次（只看改过的）',
  'contradictions.on': '继续',
  'contradictions.none': '没有发现矛盾。',
  'contradictions.none.dismissed': '没有忽略过的。',
  'contradictions.state.none': '还没有比较过。',
  'contradictions.state.waiting': '排队中。',
  'contradictions.state.running': '正在比较：{judged}/{pairs} 对，发现 {found} 处。',
  'contradictions.state.paused': '已暂停在 {judged}/{pairs} 对，发现 {found} 处。',
  'contradictions.state.done': '比较完了：{pairs} 对，发现 {found} 处。',
  'contradictions.state.failed': '出错了，比较了 {judged}/{pairs} 对。请再试。',
  'contradictions.why.enough': '一次最多比较 300 对，点“继续”接着比。',
  'contradictions.why.budget': '语言模型今天的额度用完了，明天点“继续”。',
  'contradictions.why.model': '语言模型没有回答，稍后点“继续”。',
  'contradictions.open': '待处理',
  'contradictions.dismissed': '已忽略',
  'contradictions.dismiss': '忽略',
  'contradictions.reopen': '重新打开',
}

export const en: Readonly<Record<keyof typeof zh, string>> = {
  machine: 'Machine help',
  'machine.made': 'machine-made',
  'machine.about':
    'Written by a language model: read each before you use it. Changes go into the draft alone, which is reviewed before it is published.',
  'machine.fault.unavailable':
    'The language model did not answer. Write it yourself, or try again in a while.',
  'machine.fault.too_many':
    'The budget of the language model is used up for today. Write it yourself, or try tomorrow.',
  'machine.fault.bad_input': 'Fill in id, topic, question, similar questions and answer first.',
  'machine.fault.other': 'It did not work; try again in a while.',
  'machine.similar': 'Think up similar questions',
  'machine.similar.none': 'No further similar question came to mind.',
  'machine.similar.known': 'answered already',
  'machine.similar.other': 'would get “{question}”',
  'machine.similar.add': 'Add the {n} chosen ones',
  'machine.tone': 'Look at the tone',
  'machine.tone.none': 'Nothing to change.',
  'machine.tone.use': 'Use it',
  'machine.tone.used': 'Used, or the sentence was changed',
  'machine.draft': 'Draft by machine',
  'machine.draft.tickets': 'Draft from solved tickets',
  'machine.draft.numbers': 'Ticket numbers (10 at most, with blanks or commas between them)',
  'machine.draft.about':
    'What contacts asked and what agents replied both go to the model; telephones, mail addresses, orders and names are taken out first. Only replies count for the answer, and it is kept as a draft. Home addresses and stories have no form: read it through.',
  'machine.draft.go': 'Draft',
  'machine.draft.fault.bad_input':
    'Take numbers of solved questions with a reply of an agent; no complaints, no appeals.',
  'machine.draft.fault.not_found': 'There is no such ticket; look at the number again.',
  'machine.draft.fault.conflict':
    'These replies make no article for others. Take tickets with fuller replies, or write it yourself.',
  'machine.draft.done': 'Draft made',
  contradictions: 'Articles that contradict each other',
  'contradictions.about':
    'A language model compares pair by pair and quotes both sides. It is a hint: no article is changed.',
  'contradictions.start': 'Compare',
  'contradictions.again': 'Compare again (what changed)',
  'contradictions.on': 'Go on',
  'contradictions.none': 'No contradiction was found.',
  'contradictions.none.dismissed': 'None was dismissed.',
  'contradictions.state.none': 'Nothing was compared yet.',
  'contradictions.state.waiting': 'Waiting.',
  'contradictions.state.running': 'Comparing: {judged} of {pairs} pairs, {found} found.',
  'contradictions.state.paused': 'Paused at {judged} of {pairs} pairs, {found} found.',
  'contradictions.state.done': 'Done: {pairs} pairs, {found} found.',
  'contradictions.state.failed': 'It failed after {judged} of {pairs} pairs; try again.',
  'contradictions.why.enough': 'No more than 300 pairs are compared at a go; press “Go on”.',
  'contradictions.why.budget': 'The budget of the language model is used up; press “Go on” tomorrow.',
  'contradictions.why.model': 'The language model does not answer; press “Go on” later.',
  'contradictions.open': 'Open',
  'contradictions.dismissed': 'Dismissed',
  'contradictions.dismiss': 'Dismiss',
  'contradictions.reopen': 'Open again',
}

export type WordKey = CommonKey | keyof typeof zh
export type Translate = AnyTranslate<WordKey>

/** The desk's words and these. */
export const useWords = wordsWith(zh, en)

/** Whether there is a text for it. */
export const isMachineWord = (key: string): key is keyof typeof zh => Object.hasOwn(zh, key)
