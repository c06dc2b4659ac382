"""A file of each kind that can be imported, and a second one that changes what the first said."""

from __future__ import annotations

# What stands before, and for each kind a file that makes something new and changes something that stands.
FIRST = {
    "units": "unit,parent\nNorth,\nSouth,\n",
    "people": "email,unit\nceo@example.org,North\n",
    "goals": "goal,statement,executive_owner,period_end\nmore,More,ceo@example.org,2026-12-31\ncare,Care,,\n",
    "outcomes": "date,series,value,unit,class,source,why\n2026-05-29,Sales,1,EUR,outcome,shop,money\n2026-05-30,Sales,1,EUR,outcome,shop,money\n2026-05-31,Sales,1,EUR,outcome,shop,money\n",
    "kpis": "goal,measure,class,series\nmore,Sales,outcome,Sales\n",
    "accounts": "network,handle,url,unit,owner_email,goal\nx,ann,https://x.com/ann,North,ceo@example.org,more\nx,bob,https://x.com/bob,North,,care\nx,cas,https://x.com/cas,South,,\n",
    "initiatives": "initiative,title,goals\nlive,Live,more\nlost,Lost,\n",
    "spend": "date,amount,currency,goal\n2026-05-20,10,EUR,more\n",
    "hours": "week,unit,hours,initiative\n2026-W20,North,3,live\n",
    "activity": "at,verb,object_id,network,account,initiative,minutes\n2026-05-20T10:00:00Z,posted,p1,x,ann,,5\n2026-05-21T10:00:00Z,posted,p2,x,ann,live,\n2026-05-22T10:00:00Z,posted,p3,x,bob,,\n2026-05-23T10:00:00Z,posted,p4,x,cas,,\n2026-05-24T10:00:00Z,posted,p5,x,dan,,\n2026-05-24T10:00:00Z,posted,p6,x,ann,lost,\n",
    "effects": "initiative,series,method,estimate,until\nlive,Sales,before and after,4,2026-05-01\n",
    "leads": "lead,date,source,network,account,post,initiative,stage\nL1,2026-05-20,search,x,ann,p1,live,open\nL2,2026-05-21,social,x,bob,,,won\n",
}  # fmt: skip
SECOND = {
    "units": "unit,name,parent\nNorth,The north,South\nWest,West,\n",
    "people": "email,name,unit\nceo@example.org,Cleo,South\nnew@example.org,New,North\n",
    "goals": "goal,statement,executive_owner,period_end\nmore,Other,coo@example.org,2026-05-01\ncare,Care,coo@example.org,\nnew,New,coo@example.org,\n",
    "outcomes": "date,series,value,unit,class,source,why\n2026-05-31,Sales,7,EUR,outcome,shop,money\n2026-06-01,Sales,8,EUR,outcome,shop,money\n2026-06-02,Sales,8,EUR,outcome,shop,money\n",
    "kpis": "goal,measure,class,series,target\nmore,Sales,outcome,Sales,9\nmore,Orders,outcome,,\ncare,Sales,outcome,Sales,\n",
    "accounts": "network,handle,url,unit,owner_email,goal,purpose,decision\nx,ann,https://x.com/ann,South,coo@example.org,care,sell,keep\nx,dan,https://x.com/dan,South,,more,,\nx,dan,https://x.com/dan,North,,more,,\n",
    "initiatives": "initiative,title,goals,accounts\nlive,Live!,care,cas\nlost,Lost,more,\nnew,New,more,bob\n",
    "spend": "date,amount,currency,goal\n2026-05-20,99,EUR,more\n2026-05-20,5,USD,\n",
    "hours": "week,unit,hours,initiative\n2026-W20,North,30,live\n2026-W21,South,2,\n",
    "activity": "at,verb,object_id,network,account,initiative,minutes\n2026-05-20T10:00:00Z,posted,p1,x,bob,,5\n2026-05-21T10:00:00Z,posted,p9,x,eve,live,\n",
    "effects": "initiative,series,method,estimate,until,source,low,high,grade\nlive,Sales,before and after,6,2026-05-01,a named study,1,9,C\nlost,Sales,before and after,6,,,,,\n",
    "leads": "lead,date,stage,decided_on,amount,currency\nL1,2026-05-20,won,2026-06-01,120.50,EUR\nL3,2026-05-25,lost,2026-05-28,,\n",
}  # fmt: skip
