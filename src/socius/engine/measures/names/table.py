"""The table of metric names: what is vanity, driver or health by its name, in five languages.

Names are written as a person writes them; `words.fold` makes both sides alike before they meet. Three ways to be found:
`aliases` as whole words anywhere in a name, `whole` only when nothing but padding stands around it (the word has an
honest other use), `stems` inside a word, for compounds and names written together.
`soft`: words such as "visits" that also occur in the name of a real outcome ("Sales from shop visits"); they give way
when the part of the name they stand in ends, or begins, with the outcome it counts. Vanity that is not soft never does.
"""

from __future__ import annotations

from typing import NamedTuple

BUSINESS = "business"
ANALYTICS = "social analytics"
ENGAGEMENT = "engagement"


class Named(NamedTuple):
    """A measure known by name. `tier` says who reads it; `class_name` alone decides what may be a KPI."""

    name: str
    class_name: str
    tier: str
    soft: bool
    aliases: str  # comma separated
    whole: str = ""
    stems: str = ""


# fmt: off
VANITY = (
    Named("Followers", "vanity", ENGAGEMENT, False,
          "followers, follower, total followers, new followers, followers total, flwrs, fllwrs, flwr, foll, seguidores, seguidor, seguidoras, "
          "abonnés, abonné, abonnées, nombre d'abonnés, seguaci, suiveurs, anhänger",
          stems="follower, abonnent, seguidor"),
    Named("New follows", "vanity", ENGAGEMENT, False,
          "follows, new follows, net follows, neue follows, nouveaux suivis, nuevos seguimientos", whole="follow, following"),
    Named("Fans", "vanity", ENGAGEMENT, False,
          "fans, fan count, fan page, fan base, fanbase, page fans, fan growth, fãs, fananzahl, fanzahl, admiradores", whole="fan", stems="markenfans, seitenfans, facebookfans, pagefans"),
    Named("Subscribers", "vanity", ENGAGEMENT, False,
          "subscribers, subscriber, subs, net subs, suscriptores, suscriptor, abos, neue abos, inscritos no canal, inscritos canal, novos inscritos, "
          "nuevos inscritos, subscritores, assinantes do canal",
          whole="inscritos, assinantes, abonnements", stems="subscriber, suscriptor"),
    Named("Community size", "vanity", ENGAGEMENT, False,
          "community size, size of community, community members, community growth, community total, size of the community, taille de la communauté, "
          "membres de la communauté, community größe, grösse der community, mitglieder der community, tamaño de la comunidad, miembros de la comunidad, "
          "tamanho da comunidade, membros da comunidade",
          whole="community, communauté, comunidad, comunidade, gemeinschaft", stems="communitysize, communitygröße"),
    Named("Audience", "vanity", ENGAGEMENT, True,
          "audience, audience size, audiences, potential audience, publikum, zielgruppe, zielgruppen, audiencia, audiência, público alcanzado, público alcançado",
          whole="público, public", stems="zielgruppe"),
    Named("Likes", "vanity", ENGAGEMENT, False,
          "likes, like count, like rate, page likes, thumbs up, j'aime, mentions j'aime, gefällt mir, gefaellt mir, gefällt mir angaben, me gusta, me gustas, "
          "curtidas, curtida, gostos, hearts, herzen, corazones, lks",
          whole="like, gosto", stems="pagelikes, iglikes, fblikes, totallikes, postlikes, newlikes, videolikes, liker"),
    Named("Reactions", "vanity", ENGAGEMENT, False,
          "reactions, reaction count, post reactions, reaktionen, réactions, reacciones, reações", whole="reaction, reaktion, réaction, reacción, reação"),
    Named("Favourites", "vanity", ENGAGEMENT, False,
          "favourites, favorites, favs, faves, add to favorites, add to favourites, favoriten, favoris, favoritos, zu favoriten hinzugefügt"),
    Named("Impressions", "vanity", ANALYTICS, False,
          "impressions, impression, impr, imps, unique impressions, cpm, impressionen, impresiones, impressões, einblendungen, sichtkontakte, ad impressions",
          stems="impression, impresion, impressao, impressoe"),
    Named("Views", "vanity", ANALYTICS, False,
          "views, view count, video views, page views, pageviews, offsite views, media views, post views, story views, aufrufe, videoaufrufe, seitenaufrufe, "
          "ansichten, vues, nombre de vues, visualizaciones, visualizações, vistas, reproducciones, pvs",
          whole="view, vue", stems="videoviews, pageviews, totalviews, postviews, aufrufe, visualizacion, visualizacoe"),
    Named("3-second views", "vanity", ANALYTICS, False,
          "3 second video views, 3 second views, 3 sec views, 3s views, three second views, 1 minute video views, 1 minute views, thruplays, "
          "3 sekunden aufrufe, vues de 3 secondes, vistas de 3 segundos, visualizações de 3 segundos"),
    Named("Plays", "vanity", ANALYTICS, False,
          "plays, video plays, play count, wiedergaben, lectures vidéo, lecturas de video, reproduções, streams", whole="lectures"),
    Named("Reach", "vanity", ANALYTICS, False,
          "reach, unique reach, post reach, total reach, organic reach, brand reach, people reached, accounts reached, users reached, reichweite, markenreichweite, "
          "erreichte personen, erreichte konten, portée, personnes touchées, couverture média, alcance, personas alcanzadas, cuentas alcanzadas, pessoas alcançadas",
          whole="reached", stems="reichweite"),
)

DRIVERS = (
    Named("Comments", "driver", ENGAGEMENT, True,
          "comments, comment count, comment rate, kommentare, kommentar, commentaires, comentarios, comentários", whole="comment", stems="kommentar"),
    Named("Replies", "driver", ENGAGEMENT, True, "replies, reply count, reply rate, antworten, réponses, respuestas, respostas"),
    Named("Shares", "driver", ENGAGEMENT, True,
          "shares, share count, share rate, total shares, social shares, geteilte inhalte, geteilt, mal geteilt, partages, compartidos, compartilhamentos, partilhas"),
    Named("Reposts", "driver", ENGAGEMENT, True,
          "reposts, retweets, reshares, reblogs, boosts, retuits, republications, republicaciones, republicações, rts", whole="rt, boost", stems="retweet"),
    Named("Saves", "driver", ENGAGEMENT, True,
          "saves, post saves, save count, gespeichert, enregistrements, guardados, salvamentos, itens salvos", whole="save, saved"),
    Named("Bookmarks", "driver", ENGAGEMENT, True, "bookmarks, bookmark count, lesezeichen, signets, marcadores, itens guardados"),
    Named("Clicks", "driver", ENGAGEMENT, True,
          "clicks, click, link clicks, url clicks, hashtag clicks, permalink clicks, user profile clicks, cost per click, cpc, klicks, linkklicks, clics, clic, "
          "cliques, clique, outbound clicks, taps",
          stems="klicks, linkclick"),
    Named("Detail expands", "driver", ENGAGEMENT, True, "detail expands, details expanded, detailansichten geöffnet, expansions de détails, expand clicks"),
    Named("Click-through rate", "driver", ENGAGEMENT, True,
          "ctr, click through rate, clickthrough rate, click through, klickrate, durchklickrate, taux de clics, tasa de clics, taxa de cliques", stems="klickrate"),
    Named("Engagements", "driver", ENGAGEMENT, True,
          "engagements, engagement, total post engagements, media engagements, interactions, interaktionen, interacciones, interações, engajamento, "
          "post interactions, email tweet, dial phone",
          stems="interaktion"),
    Named("Engagement rate", "driver", ENGAGEMENT, True,
          "engagement rate, eng rate, er percent, interaktionsrate, engagementrate, taux d'engagement, tasa de interacción, tasa de engagement, taxa de engajamento",
          whole="er"),
    Named("App opens", "driver", ENGAGEMENT, True, "app opens, app open, app öffnungen, ouvertures de l'application, aperturas de la app"),
    Named("App installs", "driver", ENGAGEMENT, True, "app installs, app install, app installationen, installations de l'application, instalaciones de la app"),
    Named("Profile visits", "driver", ENGAGEMENT, True,
          "profile visits, profile views, profilbesuche, profilaufrufe, visites du profil, visitas al perfil, visitas ao perfil"),
    Named("Watch time", "driver", ENGAGEMENT, True,
          "watch time, play time, total play time, average watch time, average view duration, view duration, hours watched, minutes watched, wiedergabezeit, "
          "wiedergabedauer, durée de visionnage, durée moyenne de visionnage, tiempo de visualización, tempo de exibição, tempo de visualização",
          stems="watchtime, wiedergabedauer"),
    Named("Video length", "driver", ENGAGEMENT, True, "video duration, video length", whole="duration sec, duration, dauer sek"),
    Named("Share watched", "driver", ENGAGEMENT, True,
          "share watched, percentage viewed, average percentage viewed, watched full video, completion rate, video completion, vtr, view through rate, "
          "vollständig angesehen, pourcentage visionné, porcentaje visto, porcentagem assistida"),
    Named("Mentions", "driver", ANALYTICS, True,
          "mentions, brand mentions, mention count, erwähnungen, nennungen, menciones, menções", whole="mention, erwähnung", stems="erwahnung"),
    Named("Share of voice", "driver", ANALYTICS, True, "share of voice, sov, part de voix, share of buzz, cuota de voz, participação de voz, stimmenanteil"),
    Named("Sentiment", "driver", ANALYTICS, True,
          "sentiment, sentiment ratio, net sentiment, stimmung in posts, tonalität, tonalité, sentimiento, sentimento"),
    Named("Visits", "driver", ANALYTICS, True,
          "visits, visit, unique visitors, visitors, website visits, web traffic, site traffic, besuche, besucher, visites, visiteurs, visitas, visitantes",
          whole="traffic", stems="webtraffic"),
    Named("Sessions", "driver", ANALYTICS, True,
          "sessions, engaged sessions, site sessions, web sessions, sitzungen, sitzung, sesiones, sessões"),
    Named("Posts published", "driver", ENGAGEMENT, True,
          "total posts, posts published, number of posts, post count, posting frequency, anzahl beiträge, veröffentlichte beiträge, nombre de publications, "
          "número de publicaciones, número de publicações",
          whole="posts, beiträge, publications, publicaciones, publicações"),
)

HEALTH = (
    Named("Response time", "health", ANALYTICS, True,
          "response time, first response time, time to first response, time to reply, reply time, reaktionszeit, antwortzeit, temps de réponse, délai de réponse, "
          "tiempo de respuesta, tempo de resposta",
          stems="antwortzeit, responsetime"),
    Named("Share answered", "health", ANALYTICS, True,
          "share answered, answer rate, response rate, answered share, antwortquote, taux de réponse, tasa de respuesta, taxa de resposta", stems="antwortquote"),
    Named("SLA met", "health", ANALYTICS, True,
          "sla met, sla, within sla, sla attainment, sla eingehalten, sla respecté, sla cumplido, sla cumprido"),
    Named("Coverage", "health", ANALYTICS, True,
          "collection coverage, listening coverage, data coverage, abdeckung der erfassung, couverture de collecte, cobertura de datos, cobertura de dados",
          whole="coverage, abdeckung, couverture, cobertura"),
    Named("Scheduler lag", "health", ANALYTICS, True,
          "scheduler lag, scheduling lag, dispatch lag, publishing delay, verzug der planung, retard de publication, retraso de publicación, atraso de publicação"),
)

# Longer phrases that hold one of the words above and mean something else. They are taken out before anything is looked for.
NOT_MEANT = (
    "share of wallet, share of market, market share, earnings per share, value of shares, like for like, reach out, reach outs, outreach, adverse reactions, "
    "adverse reaction, employee engagement, staff engagement, employee engagement score, fans sold, ceiling fans, fans shipped, cooling fans, fans returned, point of view, "
    "paying subscribers, zahlende abonnenten, abonnés payants, suscriptores de pago, assinantes pagantes, public sector, public affairs, coverage ratio, "
    "streams of income, revenue streams, income streams, training sessions sold, business interruption coverage"
)

# What a real outcome counts. A soft word yields when its part of the name ends in one of these ("Click-to-call sales": sales are counted, the click says
# how they came), or begins with one before a preposition ("Sales from shop visits", "Kosten pro Besuch").
COUNTED = (
    "sales, sale, revenue, turnover, orders, order, leads, lead, cost, costs, churn, nps, bookings, purchases, signups, sign ups, registrations, applications, "
    "contacts, tickets, complaints, returns, refunds, donations, quotes, renewals, conversions, conversion rate, profit, margin, savings, hires, warranty claims, customers, "
    "umsatz, absatz, erlös, verkäufe, bestellungen, aufträge, kosten, anmeldungen, bewerbungen, beschwerden, reklamationen, kunden, kündigungen, einsparungen, "
    "ventes, chiffre d'affaires, commandes, coût, coûts, inscriptions, candidatures, plaintes, réclamations, clients, désabonnements, résiliations, économies, "
    "ventas, ingresos, pedidos, coste, costo, costes, costos, clientes, bajas, reclamaciones, altas, ahorro, "
    "vendas, receita, faturamento, custo, custos, encomendas, reclamações, cancelamentos, cadastros, economia"
)

PREPOSITIONS = "from, per, of, by, via, through, after, in, aus, pro, je, von, durch, nach, über, der, par, de, des, du, d, por, del, da, do, desde, dos"

# Words that say how much, when or where and not what: they may stand around a `whole` name.
PADDING = (
    "total, totals, new, net, number, of, no, count, counts, sum, avg, average, mean, median, daily, weekly, monthly, yearly, per, day, week, month, cumulative, all, "
    "organic, paid, sponsored, promoted, unique, desktop, mobile, the, our, brand, page, pages, account, accounts, post, video, ig, fb, yt, li, tt, tw, x, instagram, "
    "facebook, youtube, you, tube, linkedin, tiktok, twitter, mastodon, bluesky, threads, pinterest, global, world, de, uk, us, fr, es, anzahl, gesamt, neue, neu, summe, "
    "marke, konto, nombre, nouveaux, nouvelles, marque, la, le, les, der, die, das, número, nuevos, nuevas, marca, novos, novas, kpi, metric, index, value, k, m, rate, score"
)
# fmt: on

TABLE = VANITY + DRIVERS + HEALTH
