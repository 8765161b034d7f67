import { conversationsOf, paths } from './personal-paths.ts'
import { ended, numbers, technical, words, type PersonalTables } from './personal-table.ts'

/** What contacts follow, suggest and answer. */
export const askedTables: PersonalTables = {
  incident_followers: {
    title: words('故障关注', 'Followed incidents'),
    of: paths.conversationOrContact,
    erase: 'delete',
    exported: { columns: 'incident_id conversation_id language why at left_at' },
  },
  incident_hearings: {
    title: words('听过的故障通知', 'Incident notices heard'),
    of: paths.conversation,
    erase: 'delete',
    leftOut: technical,
  },
  incident_notices: {
    title: words('故障告知', 'Told of incidents'),
    of: paths.conversationOrContact,
    erase: {
      blank: { message_id: 'null::uuid', state: ended },
      kept: 'id incident_id update_id contact_id conversation_id language way reason created_at settled_at',
      why: numbers,
    },
    leftOut: technical,
  },
  // Before the suggestions are blanked: whose sentences the names of themes were.
  feedback_themes: {
    title: words('建议主题', 'Themes of suggestions'),
    of: paths.theme,
    erase: {
      blank: {
        label: `coalesce((select i.sentence from feedback_items i where i.theme_id = feedback_themes.id
          and i.discarded_at is null and i.sentence <> '' and i.conversation_id is not null
          and not i.conversation_id in (${conversationsOf})
          order by i.said_at desc, i.id limit 1), '')`,
        words: "'{}'::text[]",
        sum: 'null::bytea',
      },
      kept: 'id name status status_at wording_zh wording_en round is_held merged_into ended_at count sum_space created_at updated_at version',
      why: words(
        '主题由多人的建议归纳而成，名称改用他人的句子',
        'made of what many suggested; named after a sentence of somebody else',
      ),
    },
    leftOut: 'made of what many suggested',
  },
  feedback_items: {
    title: words('建议', 'Suggestions'),
    of: paths.conversationOrContact,
    erase: {
      blank: {
        sentence: "''",
        cues: "'{}'::text[]",
        vector: 'null::bytea',
        message_id: 'null::uuid',
        // One that has no theme yet has nothing to find one by.
        discarded_at: 'case when theme_id is null then coalesce(discarded_at, now()) else discarded_at end',
      },
      also: { space_id: 'null' },
      kept: 'id source ordinal ticket_id conversation_id contact_id inbox_id channel language said_at created_at theme_id placed_by is_fixed version idempotency_key',
      why: words('计入主题的建议数', 'counted in their theme'),
    },
    exported: { columns: 'id source conversation_id sentence said_at created_at' },
  },
  feedback_notices: {
    title: words('建议进展告知', 'Told of suggestions'),
    of: paths.conversationOrContact,
    erase: {
      blank: { sentence: "''", message_id: 'null::uuid', state: ended },
      kept: 'id theme_id round status contact_id conversation_id language wording_zh wording_en way reason created_at settled_at',
      why: numbers,
    },
    exported: { columns: 'id sentence status state created_at settled_at' },
  },
  feedback_refusals: {
    title: words('不再听取建议进展', 'Hears no more of suggestions'),
    of: paths.conversation,
    erase: 'delete',
    exported: { columns: 'conversation_id at' },
  },
  survey_stops: {
    title: words('拒绝调研', 'Is asked no more'),
    of: paths.conversation,
    erase: 'delete',
    exported: { columns: 'conversation_id at' },
  },
  survey_consents: {
    title: words('调研同意', 'Consents to be asked'),
    of: paths.conversation,
    erase: 'delete',
    exported: { columns: 'id conversation_id at way proof withdrawn_at withdrawal' },
  },
  survey_invitations: {
    title: words('满意度与调研回答', 'Answers to surveys'),
    of: paths.conversationOrContact,
    erase: {
      blank: {
        comment: 'null',
        message_id: 'null::uuid',
        review_at: 'null::timestamptz',
        state: "case when state in ('due', 'asked') then 'expired' else state end",
      },
      kept: 'id ticket_id campaign_id contact_id conversation_id solved_at agent_id team_id channel topic reason due_at asked_at expires_at answered_at settled_at score review_ticket_id created_at version',
      why: words('只剩分数', 'scores only'),
    },
    exported: {
      columns: 'id ticket_id campaign_id channel topic state asked_at answered_at score comment',
    },
  },
}
