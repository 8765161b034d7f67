import { conversationsOf, paths, samples } from './personal-paths.ts'
import { numbers, words, type PersonalTables } from './personal-table.ts'

/** What is learned from what contacts write. Before messages go: by them it is found. */
export const learnedTables: PersonalTables = {
  knowledge_evaluations: {
    title: words('知识评测里的样例', 'Samples in evaluations of knowledge'),
    of: samples.of,
    erase: {
      blank: { result: samples.result },
      kept: 'id state draft_ids fingerprint questions whole by created_at done_at failure',
      why: words('只剩统计，样例已去掉', 'counts only, without the samples'),
    },
    leftOut: 'the same words stand in messages, in full',
  },
  learning_questions: {
    title: words('没答好的问题', 'Questions that were not settled'),
    of: paths.conversation,
    erase: {
      blank: {
        sentence: "''",
        vector: 'null::bytea',
        message_id: 'id',
        discarded_at: 'coalesce(discarded_at, now())',
      },
      also: { space_id: 'null', version: 'version + 1' },
      kept: 'id kind conversation_id inbox_id channel given candidates answer_at right_article said_at created_at theme_id placed_by is_fixed',
      why: numbers,
    },
    leftOut: 'the same words stand in messages, in full',
  },
  learning_proposals: {
    title: words('改进建议', 'Proposals for the knowledge'),
    of: paths.proposal,
    erase: {
      blank: {
        label: `coalesce((select i.sentence from learning_questions i where i.theme_id = learning_proposals.id
          and i.discarded_at is null and not coalesce(i.conversation_id in (${conversationsOf}), false)
          order by i.said_at desc, i.id limit 1), '')`,
        words: "'{}'::text[]",
        sum: 'null::bytea',
      },
      // What is left of it is weighed anew.
      also: { updated_at: 'now()', version: 'version + 1' },
      kept: 'id name is_held merged_into ended_at count sum_space kind state article_id evidence assessed_at settled_at settled_by settled_count reason since draft_ids evaluation_id created_at',
      why: words(
        '由多人的问题归纳而成，名称改用他人的句子',
        'made of what many asked; named after a sentence of somebody else',
      ),
    },
    leftOut: 'made of what many asked',
  },
}
