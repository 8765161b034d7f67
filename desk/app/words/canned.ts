import { en as adminEn, zh as adminZh } from './admin.ts'
import { wordsWith, type WordKey as CommonKey } from './index.ts'

/* The words of canned replies, in both languages; `en` has exactly the keys of `zh`. */

const ownZh = {
  'canned.new': '新建快捷回复',
  'canned.change': '修改快捷回复',
  'canned.find': '按名称、拼音首字母或正文查找',
  'canned.none': '还没有快捷回复。新建一条，在回复框里输入 ; 就能找到它。',
  'canned.no-match': '没有匹配“{query}”的快捷回复',
  'canned.name': '名称',
  'canned.scope': '给谁用',
  'canned.scope.personal': '只给自己',
  'canned.scope.team': '整个团队',
  'canned.text': '正文',
  'canned.names': '可以写：{names}。选用时换成当时的值，没有值的会标出来。',
  'canned.names.unknown': '{name} 没有对应的值；可以写 {names}',
  'canned.text.missing': '写正文，或至少放一张图片',
  'canned.variants': '单个渠道的说法',
  'canned.variants.add': '添加渠道',
  'canned.variants.channel': '渠道',
  'canned.variants.text': '在这个渠道说的话',
  'canned.variants.twice': '每个渠道只写一次',
  'canned.variants.remove': '去掉这个渠道的说法',
  'canned.pictures': '图片',
  'canned.pictures.add': '上传图片',
  'canned.pictures.hint': '随回复作为附件发出，最多 9 张',
  'canned.updated': '修改时间',
  'canned.stale': '这条快捷回复刚被别人改过。你写的内容还在，下面是现在保存着的：',
  'canned.stale.mine': '用我写的覆盖',
  'canned.stale.theirs': '改用保存着的',
  'canned.list': '快捷回复',
  'canned.keys': '↑↓ 选择，Enter 填入，Esc 离开',
  'mention.list': '同事',
  'mention.none': '没有叫“{query}”的同事',
  'canned.missing': '还缺：{names}。补上或删掉再发送。',
  'canned.pictures.count': '{n} 张图片',
  'canned.value.contact.name': '联系人姓名',
  'canned.value.contact.tier': '联系人等级',
  'canned.value.ticket.number': '工单号',
  'canned.value.ticket.title': '工单标题',
  'canned.value.ticket.channel': '渠道',
  'canned.value.agent.name': '客服姓名',
} as const

const ownEn: Readonly<Record<keyof typeof ownZh, string>> = {
  'canned.new': 'New canned reply',
  'canned.change': 'Change canned reply',
  'canned.find': 'Find by name, pinyin initials or text',
  'canned.none': 'No canned replies yet. Make one, then type ; in the reply field to find it.',
  'canned.no-match': 'No canned reply matches “{query}”',
  'canned.name': 'Name',
  'canned.scope': 'Who uses it',
  'canned.scope.personal': 'only me',
  'canned.scope.team': 'the whole team',
  'canned.text': 'Text',
  'canned.names': 'May name: {names}. Filled in when it is chosen; what has no value is pointed out.',
  'canned.names.unknown': '{name} stands for nothing; you may write {names}',
  'canned.text.missing': 'Write a text, or add a picture',
  'canned.variants': 'Wording for single channels',
  'canned.variants.add': 'Add a channel',
  'canned.variants.channel': 'Channel',
  'canned.variants.text': 'What is said on this channel',
  'canned.variants.twice': 'Each channel once',
  'canned.variants.remove': 'Remove the wording for this channel',
  'canned.pictures': 'Pictures',
  'canned.pictures.add': 'Upload a picture',
  'canned.pictures.hint': 'Go out with the reply as attachments; 9 at most',
  'canned.updated': 'Changed',
  'canned.stale':
    'Somebody just changed this canned reply. What you wrote is still here; this is what is kept now:',
  'canned.stale.mine': 'Overwrite with mine',
  'canned.stale.theirs': 'Take what is kept',
  'canned.list': 'Canned replies',
  'canned.keys': '↑↓ choose, Enter fills in, Esc leaves',
  'mention.list': 'Colleagues',
  'mention.none': 'No colleague is called “{query}”',
  'canned.missing': 'Still missing: {names}. Fill in or delete before sending.',
  'canned.pictures.count': '{n} picture(s)',
  'canned.value.contact.name': 'name of the contact',
  'canned.value.contact.tier': 'tier of the contact',
  'canned.value.ticket.number': 'ticket number',
  'canned.value.ticket.title': 'title of the ticket',
  'canned.value.ticket.channel': 'channel',
  'canned.value.agent.name': 'name of the agent',
}

const zh = { ...adminZh, ...ownZh }
const en: Readonly<Record<keyof typeof zh, string>> = { ...adminEn, ...ownEn }

export type WordKey = CommonKey | keyof typeof zh

/** The words of the administration and these. */
export const useWords = wordsWith(zh, en)
