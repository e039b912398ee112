"""The forms of lines that belong to the page: tables of patterns (verbose, any case) for `boilerplate`.

Each pattern is matched with a whole line. The key names the family. None may need more than linear time on
600 characters of anything.
"""

_SITES = (
    r"(?:twitter|facebook|instagram|linkedin|telegram|whatsapp|tiktok|youtube|threads|bluesky|google\s+news)"
)
_BUTTON = r"(?:share|tweet|pin|print|e-?mail|save|copy|link|comments?|x|reddit|flipboard|pinterest|messenger)"

CERTAIN_LINES = {
    "a link to another story": r"""
        (?:also\s+)?(?:read|see|watch|listen)\s+
        (?:more|also|next|now|here|this|the\s+full\s+story)\s*[:|»>–—].*
      | (?:(?:also\s+)?read|related|recommended|don[’']t\s+miss|must[\s-]read|up\s+next)\s*[:|»>]\s*.*
      | related\s+(?:story|stories|articles?|coverage|content|links?|topics|news|video)\s*[:|»>]?\s*.{0,160}
      | more\s+(?:on\s+this|coverage|news|stories|from\s+[\w\s]{2,30}|on\s+[\w\s]{2,30})\s*[:|»>]\s*.*
      | (?:read|see|learn|view|show|load|discover)\s+(?:more|less|all|the\s+full\s+(?:story|article))
        (?:\s+(?:here|stories|news|articles|below|comments|about\s+this|on\s+this(?:\s+story)?))?\W*
      | [^.!?]{0,200}[.!?…»:]?[.!?…»:”"]?\s(?:read|learn|see|find\s+out)\s+more(?:\s+here)?\s*[.…]?\s*[»›→>…]+
      | .{0,200}[.!?…][”"’']?\s(?:read|learn)\s+more(?:\s+here)?\W*
      | (?:continue|keep)\s+reading(?:\s+(?:the|this|main|below|here|for|after)\b.{0,60})?\W*
      | continue\s*(?:»|→|>+)
      | (?:lea|lee|leer|vea)\s+(?:también|más|además)\s*[:|»>].* | (?:à\s+)?lire\s+aussi\s*[:|»>]?.{0,160}
      | (?:lesen\s+sie\s+(?:auch|hier|dazu|mehr)|mehr\s+zum\s+thema)\s*[:|»>]?.{0,160}
      | (?:เรื่องที่เกี่ยวข้อง|ข่าวที่เกี่ยวข้อง|関連(?:記事|ニュース)|相关(?:新闻|阅读|报道))\s*[:：]?.{0,200}
      | اقرأ\s+أيض[اً]{1,2}\s*[:：]?.{0,200}
      | (?:leggi\s+anche|lees\s+ook|läs\s+också|leia\s+(?:também|mais)|læs\s+også)\s*[:|»>]?.{0,160}
    """,
    "footnote": r"\[\d{1,3}\]\s.{1,400}",
    "buttons": rf"""
        このニュースをシェア | シェアする | 分享(?:到.{{0,20}})? | แชร์.{{0,20}} |
        {_BUTTON}(?:\s*[|,/·•&]?\s*(?:{_BUTTON}|on|via|by|to|{_SITES}))*\W*
      | {_SITES}(?:[\s|,/·•&]+{_SITES})*\W*
      | (?:share|e-?mail|print|save|gift|listen\s+to)\s+(?:this\s+)?(?:article|story|post|page|link)\W*
      | \d{{1,6}}\s+(?:comments?|shares?|likes?|views?)\W* | skip\s+to\s+(?:main\s+)?(?:content|navigation)\W*
      | (?:hide|toggle|show|view|expand)\s+(?:this\s+)?(?:caption|transcript|gallery|slideshow|comments)\W*
      | (?:play|watch|pause|replay)\s+(?:the\s+)?(?:video|audio)\W* | now\s+playing\W* | back\s+to\s+top\W*
      | loading\b.{{0,30}}(?:…|\.\.\.) | scroll\s+(?:down\s+)?(?:to|for)\s+(?:continue|more)\b.{{0,30}}
    """,
    "advertisement": r"""
        (?:advertisement|advert|advertising|sponsored(?:\s+content)?|promoted(?:\s+content)?|paid\s+
        (?:content|post)
          |publicidad|anzeige|publicité|werbung|pubblicità|publicidade|реклама)\W*
      | (?:story|article|content|text|post)\s+(?:continues|continued)(?:\s+(?:below|after).{0,40})?\W*
    """,
    "accounts and money": r"""
        (?:[^\s.!?]+\s){0,3}[^\s.!?]*\s?[=:]\s*@\w{2,30}\W*
      | .{0,120}\b(?:promptpay|iban|account\s+(?:no|number)|kontonummer)\b.{0,80}\d[\d\s-]{6,30}\W*
      | (?:[^\s.!?]+\s){1,6}\(?https?://[^\s]{3,200}(?:\s\([^()]{1,60}\))?
    """,
    "what readers may write": r"""
        we\s+welcome\s+(?:your|all)\s+comments?\b.{0,400}
      | .{2,60}\swelcomes?\s.{0,30}\b(?:lively|courteous|civil|respectful|thoughtful)\b.{0,30}\b
        (?:discussions?|comments?|debate)\b.{0,400}
      | (?:all\s+)?(?:reader\s+)?comments\s+(?:are|will\s+be)\s.{0,60}
        \b(?:moderated|reviewed|removed|deleted|screened|approved)\b.{0,300}
      | (?:(?:the\s+)?(?:views|opinions)\s+(?:expressed\s+)?(?:in\s+the\s+comments|below)|reader\s+comments)
        \s.{0,60}\b(?:do(?:es)?\s+not|are\s+not|own)\b.{0,300}
      | .{0,80}\b(?:community|commenting|comment)\s+(?:rules|guidelines|policy)\s+appl(?:y|ies)\b.{0,200}
      | (?:الآراء|التعليقات)\s+(?:الواردة|المنشورة)\s.{0,40}لا\s+تعب?ر\s.{0,200}
      | .{0,160}(?:التعليقات\s+قبل\s+نشرها|(?:إرشادات|شروط)\s+(?:الاستخدام|استخدام\s+الموقع)).{0,400}
    """,
    "rights": r"""
        (?:©|\(c\)\s|copyright\s+(?:©|\(c\)|\d)|™\s*(?:&|and)).{0,300}
      | .{0,200}\ball\s+rights\s+reserved\b.{0,80}
      | (?:this|the|our)\s+[\w\s]{0,60}\bmay\s+not\s+be\s+(?:published|reproduced|copied|broadcast)
        (?:,|\s+(?:or|without)\b).{0,160} | the[-\s]cnn[-\s]wire\W*
      | \(end\) | -{1,3}\s*(?:30|ends)\s*-{1,3} | \#{2,}
      | (?:\S+\s){0,3}[\w.+-]{1,64}@[\w-]{1,64}(?:\.[\w-]{1,64}){1,4}
    """,
    "what was changed": r"""
        \W*(?:this|the)\s+(?:article|story|post|piece|page|(?:article[’']s\s+)?headline)\s+
        (?:was|has\s+been|is\s+being)\s+
        (?:last\s+)?(?:amended|updated|corrected|edited|revised)\b.{0,400}
      | \W*this\s+(?:article|story|post|piece)\s+(?:was|has\s+been|is)\s+(?:originally\s+|first\s+)?
        (?:(?:re)?published\s+(?:by|in|on|at|from|with|under)|syndicated|adapted\s+from|part\s+of\s+
        (?:a|our|the)\s)\b.{0,400}
      | \W*(?:an\s+)?(?:earlier|previous|original)\s+version\s+of\s+this\s+
        (?:article|story|post|report|piece).{0,400}
      | \W*(?:correction|clarification|editor[’']?s?[’']?\s+note)\s*(?:\([^)]{1,40}\)\s*)?[:–—].{0,500}
      | (?:first\s+|last\s+|originally\s+)?(?:published|posted|updated|modified)(?:\s+(?:on|at))?\s*:?\s*
        (?:\d|(?:mon|tues?|wednes|thurs?|fri|satur|sun)(?:day)?\b
          |(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec))[^!?]{0,60}
      | \d{1,3}\s+min(?:ute)?s?\s+read\W* | \d{1,2}\s+(?:hours?|minutes?|days?|mins?|hrs?)\s+ago\W*
    """,
}

LIKELY_LINES = {
    "what to do on social media": rf"""
        (?:please\s+)?(?:follow|like|join|find|connect\s+with)\s.{{1,120}}\b(?:{_SITES}|on\s+x)\b.{{0,160}}
      | .{{0,80}}\bfollow\s+@\w{{2,30}}\W*
      | (?:follow|contact|e-?mail)\s+(?:the\s+)?(?:author|writer|reporter)\b.{{0,120}}
      | share\s+(?:on|via|this\s+(?:on|with))\b.{{0,60}}
      | .{{0,160}}\bshare\s+your\s+(?:videos?|photos|stor(?:y|ies)|thoughts|views|experiences?)\b.{{0,120}}
    """,
    "where to find more": r"""
        [^.!?]{0,160}:\s*https?://\S+ | https?://\S+
      | follow\s.{1,80}\b(?:coverage|news)\s+(?:of|at|on)\b.{0,160}
      | our\s+standards\s*:.{0,120} | explore\s+more\s+on\b.{0,60}
    """,
    "an offer to the reader": r"""
        (?:(?:please|to|want\s+to|click\s+here\s+to|click\s+to)\s+)?(?:sign\s+up|subscribe|sign\s+in|log\s*in)
        (?:\s+(?:now|today|here|for|to|or|with)\b.{0,200}|\W*)
      | register\s+(?:now|here|today|for\s+(?:free|an?\s+account))\b.{0,120}
      | create\s+(?:a\s+free|an)\s+account\b.{0,80}
      | .{0,120}\bsign\s+up\s+(?:for|to|here|now)\b.{0,80}\b
        (?:newsletters?|e-?mails?|alerts?|inbox|briefings?)\b.{0,120}
      | .{0,120}\bsign\s+up\s+for\s[\w\s’']{2,40}
      | .{0,140}\b(?:delivered|straight|directly|sent)\s+to\s+your\s+inbox\b.{0,120}
      | (?:already\s+a|not\s+a|become\s+a)\s+(?:subscriber|member|supporter)\b.{0,120}
      | download\s+(?:the|our)\s.{0,40}\bapp\b.{0,100}
      | get\s+(?:the|our)\s.{0,60}\b(?:newsletter|app|inbox)\b.{0,100}
      | (?:support|donate\s+to)\s+(?:our|independent|local|quality)\b.{0,160}
      | (?:do\s+you\s+)?have\s+(?:a|any)\s+(?:news\s+)?(?:tips?|story|question|comments?)\b.{0,120}\b
        (?:e-?mail|contact|touch|us)\b.{0,160}
      | (?:get\s+in\s+touch|contact\s+us|e-?mail\s+us|write\s+to\s+us)\b.{0,160}
      | (?:click|tap)\s+here\b.{0,160}
      | .{0,160}\b(?:affiliate\s+links?|earn\s+a\s+(?:small\s+)?commission)\b.{0,400}
      | (?:just\s+a\s+heads\s+up,?\s+)?some\s+of\s+the\s+links\b.{0,400}
    """,
    "a newsletter's frame": r"""
        (?:view|see|open|read)\s+(?:this\s+)?(?:(?:e-?mail|message|newsletter|it)\s+)?(?:in|on)\s+
        (?:your\s+|the\s+|a\s+)?(?:web\s+)?(?:browser|web|online)\W*
      | view\s+(?:web\s+version|online|as\s+(?:a\s+)?web\s*page)\W*
      | (?:having\s+)?(?:trouble|problems?)\s+(?:viewing|reading)\b.{0,120} | .{0,160}\bunsubscribe\b.{0,200}
      | (?:manage|update|change)\s+(?:your\s+)?(?:e-?mail\s+)?(?:preferences|subscriptions?|settings)\b.{0,80}
      | you(?:[’']re|\s+are|\s+have|[’']ve)?\s+(?:receiv(?:ed|ing)|getting|got)\s+this\s+
        (?:e-?mail|newsletter|message).{0,200}
      | .{0,60}\bthis\s+(?:e-?mail|newsletter)\s+(?:was\s+)?(?:forwarded|sent)\s+(?:to|by)\b.{0,160}
      | (?:was\s+this|someone)\s+forwarded\b.{0,120}
      | (?:forward\s+(?:this\s+)?to\s+a\s+friend|add\s+us\s+to\s+your\s+address\s+book)\b.{0,80}
      | (?:(?:privacy|cookie)\s+(?:policy|notice|settings)|terms\s+(?:of|and)\s+\w+)
        (?:\W+(?:privacy|cookie|policy|notice|terms|of|use|service|and|conditions|contact|us|help|about))*\W*
    """,
    "a picture's or a player's line": r"""
        (?:photo(?:graph)?s?|images?|pictures?|credits?|photo\s+credits?|illustration|file\s+photo|fotos?)
        (?:\s+(?:by|credit|from|courtesy(?:\s+of)?))?\s*[:/|©]\s*.{0,120}
      | (?:photo(?:graph)?|image|picture|illustration)\s+(?:by|courtesy(?:\s+of)?|credit)\s.{1,80}
      | video\s*:\s*\S.{0,100}[^.]
      | .{0,200}(?:\(ap\s+photo|\(photo\s+by|getty\s+images|shutterstock|reuters/|/\s*
        (?:ap|afp|reuters)\s*\)).{0,60}
      | (?:see|view|click\s+for)\s+(?:all|more)\s*(?:the\s+)?(?:photos?|pictures|images)\b.{0,20}
      | (?:media|image)\s+(?:caption|source)\b.{0,200} | your\s+browser\s+does\s+not\s+support\b.{0,120}
      | .{0,80}\benable\s+javascript\b.{0,160}
    """,
    "who made it": r"""
        .{0,300}\bcontributed\s+(?:to\s+(?:this|the)\s+\w+|reporting|from\s.{2,40})\W*
      | (?:additional\s+)?(?:reporting|writing)\s+by\s.{2,240}
      | (?:edited|editing|compiled|translated)\s+by\s.{2,160}
      | (?:with\s+)?(?:files|reporting)\s+from\s.{2,100}
      | (?:[A-Z][\w.’'-]+\s){2,4}is\s+an?\s+(?:[\w-]+\s){0,5}
        (?:reporter|correspondent|editor|columnist|journalist|producer|writer)
        (?:\s+(?:for|at|with|based|who|covering|on)\b.{0,400}|,?\s+and\s+(?:the\s+)?author\s+of\b.{0,500})
    """,
}

CLOSING_LINES = {
    "other stories": r"""
        (?:most|more|also|latest|top|other|popular|trending|recommended|featured|similar)\s+
        (?:must[-\s]reads?|read|viewed|popular|watched|shared|commented|stories|news|headlines|articles|posts|videos)
        \b.*
      | more\s+(?:on|from|in|for|by|like)\s+\S.*
      | you\s+(?:may|might)\s+(?:also\s+)?(?:like|be\s+interested)\b.*
      | (?:related|recommended|trending|suggested)(?:\s+
        (?:stories|story|articles?|news|topics|content|links|posts|reading|for\s+you|now|videos?))?
      | (?:read|up|what\s+to\s+read|watch)\s+next | next\s+up | keep\s+reading
      | editors?[’']?s?\s+(?:picks|choice)
      | (?:noticias\s+relacionadas|más\s+(?:noticias|leídas|información)|te\s+puede\s+interesar)\b.*
      | mehr\s+zum\s+thema | das\s+könnte\s+sie\b.* | sur\s+le\s+même\s+sujet | les\s+plus\s+lus
      | เรื่องที่เกี่ยวข้อง.* | 関連(?:記事|ニュース).* | 相关(?:新闻|阅读|报道).* | اقرأ\s+أيض.*
    """,
    "readers": r"""
        (?:leave|post|add|write)\s+a\s+(?:comment|reply).*
      | (?:\d+\s+)?(?:comments?|responses|replies)(?:\s+\(?\d+\)?)?
      | join\s+the\s+(?:conversation|discussion) | comentar(?:ios?)? | kommentare? | commentaires
      | .{0,40}\bnewsletters?(?:\s+(?:sign[\s-]?up|subscription))? | sign\s+up(?:\s+(?:for|to)\b.*)?
      | subscribe(?:\s+(?:to|now)\b.*)?
    """,
    "after the text": r"""
        (?:about|meet)\s+the\s+(?:authors?|writers?|reporters?) | foot\s*notes? | end\s*notes? | references
      | sources? | external\s+links | see\s+also
      | (?:share|topics|tags|filed\s+under|categories)(?:\s+(?:this|in)\b.*)? | follow\s+us\b.*
    """,
}
