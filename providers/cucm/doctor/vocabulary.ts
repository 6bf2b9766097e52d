/**
 * The words that may leave: of what CUCM's CLI, SOAP services, REST interface and pages say, of its database's tables
 * and columns, and of what we ask. No word that names a place, a person, a company or a domain.
 */
const VOCABULARY: ReadonlySet<string> = new Set(
  `
abort aborted aborterror absent absolutepath accept accepted access account ack action activated active
activegk activeloadid adapter add addr address addresses admin administration administrator aes aes128
aes192 aes256 after again agree agreement algorithm algorithms aligned all allowed alone along already
also alt altered altgklist altname ambiguous amp an and another answer answered answers any apache api
apos app append application applicationserver apply applyphone appnav archive archiveleftovers are
argument arguments as asc ask asked asking asks assumed ast at attempts attribute attributes auth
authenticate authenticated authentication authenticationauthorization authhandler authority
authorization authorized auto automatic available axis axisfault axl axlcode axlerror axlmessage
axlrefusal back bad bare base base64 basic be became been before begins behind being between binary body
both bothinstalled boundary box boxproduct br broke broken brought browser budget buffer bug bulk
bulksftporder bulkunit busy busyerror but button buttons by byte bytelength bytepos bytes ca cache call
called callmanager callmanagerec callmanagergroup callmanagergroupmember callmanagergroupname
callmanagers callmanagertftp callsignaladdr came can caname cancelled candidates cannot capability capf
capitals carries categories ccm cell cells center cert certificate certificatectlcache
certificatedbcache certificatedelete certificatedownload certificateedit certificatefindlist
certificatehashmap certificates certificateservicecertificatemap certificatetrustrolemap
certificateupload certmgr certs cfg cgi chain change changed channel character characters charset check
checkserveridentity checksum chosen cipher ciphers cisco class clear cli client clientandkey close
closed closing cluster clustererror clusters clustersecuritymode cm cmdevices cmnodes cmplatform
cmselectioncriteria cn cnf code collection collector colname column columns come comes command commanded
commandeddown commanderror common communication compare compared component componentversion compress
concurrency config configfilecachelist configname configuration configurations configured connect
connection console consolidate consolidated consolidating consolidation constructs content context
control controlcenterservice controlcenterservice2 controlcenterservices controllable
controlservicerequest controltype cookie correct could count cpu credentials criteria critical cross
cryptography cscuy csr cti ctimanager ctl ctlclient ctlfile ctlinstalled ctr ctrl cucm cues cuesbutton
cuesloginbutton cuestablerow current cuy data database dataencipherment datahandler date days db dbcache
dbpub dbsub dchannel deadline deadlineerror debug declaration decode default delete deletebutton
deletecommand deleted deletes deleting deliver demand demands denied deploy der des desc description
detail details device deviceclass devicelog devicelogx devicename devicepool devicepoolname
deviceresettype devices devicesecuritymode dhcp dhcptimeout did diffie digest digestalgortithm digital
digitalsignature digits dime dimegetfileservice dir directory directorynumber dirnumber disk disposition
distinct div dnsname do doctype document documented dodevicereset does don done down download
downloadbutton downloadfailurereason downloadserver downloadstatus downloadto downloadtoclient dtd dump
duplicate during eai earlier ec ecdsa econnaborted econnrefused econnreset edit ehostunreach either
element else elsewhere empty en enable encipherment encoding encrypted encryptedconfig enctype end ended
endpoint enetunreach enotfound enrolled enter entered enterprise enterprisewidedata entities entries
entry enum env envelope eof epipe err error escaped etimedout etoken exceeded exception exchange exec
execute executed executesqlquery exist exists exit expected expired export exported exporting exports
expression ext extension extensions failed fails failure false fast fault faultcode faultstring feature
fetch field fields file filefield filename files fileselectioncriteria filesize find finds firewall
first fkcallmanager fkcallmanagergroup fkcertificate fkdevice fkprocessnode folder followed for forbids
form formed forms found free frequency from fromdate fsetstat fstat full function gb generate generated
get getccmversion getcertificateinformation getonefile getonefileresponse getphone getserviceparameter
getting gettvscertificate gi give given gives gk gmt go goal gone grace gracems grayback group groupname
groups gt guide h1 h2 h3 had hand handle handler handshake hard has hash have head header headerlength
headers hellman here hex hidden hit hold home host hostkey hostkeys hostkeysha256 hostverifier href hs
html http httpd httponly https id ident identities identity if ignore ignoreattributes ignoredeclaration
ignorepitags image import imported importing importunit in inactive inactiveloadid incoming incorrect
info information inner input installation installed instead interactive interface interrupted interval
into invalid ip ipaddress ipaddrstr ipaddrtype ipsec ipv ipv4 is isactive iscticontrollable ishardreset
issignedby issued issuer issuername it item items itl itlfile itlinstalled itlrecovery itlstatus
itlstatuscurrent itlstatusother itlstatusquery its java javascript job jobtype join jsessionid
jsessionidsso json just keep keepalive keepaliveinterval keeps keepsession kex key keyagreement keyboard
keycertsign keyencipherment keys keyusage kind kinds know knows lacked lacks large last lastanswer later
latin latin1 leads leave left leftovers legacy len length letters level li like limit line lines link
links list listdevicepool listed listening listens listing listpath listphone listphonesecurityprofile
listprocessnode listprocessnodeservice lists listtvscertificate literal live load loadinformation locked
log logcollectionport logcollectionporttypeservice logcollectionservice logcollectionservice2 logged
loggedin login loginpath loginuserid logon logonform logout logs look looking lookup lost lower lsc
lscissuer lscissuername lstat lt mac made madmin maintenance major make malformed management manager
managers manual manufacturing map markup master max maxfilesize maxreturneddevices maxversion may md md5
mean means member members memberships message messages method methods middle migration mime mimeboundary
min minor minute minutes minversion mismatch miss missing mixed mkdir mode model modified modifieddate
moniker monitoring more move moving msg msgtype much multipart multiple nactive name named names
namespace nav nbsp neither network never neverenrolled new newline next nno no nochange noconfiguration
noctl node nodeid nodename nodes nodeusage non none nor noshade not notfound nothing nothingwaits
notification notoffered nowhere ns ns1 null num number numfiles numoflines object occurred oct octet
oddly of off offer offered offers often oid ok old older on ondemand one ones only op open opendir
openssh operating operation option options or order orderby os other others otherwise ou our ours out
outer output over own page pagenumber pages pagination pairs param parameter parameters paramname
paramvalue parse parser parsetagvalue parsing partially partiallyregistered partitions passes password
paste pasted pasteend path paths patience patiencems pattern pem per perfmonobject permission ph phone
phonehttp phones phonesecurityprofile pin pinned pkcs pkcs8 pkid plain plan platform platformcom please
plugin points policy pool port post pre pre8 prefix prepare prepend present press prints priority probe
problem process processconfig processentities processnode processnodename processnoderole
processnodeservice product productsupportsfeature profile progress promise prompt proof properly
protocol protocolside provider proxy pty public publickey publisher publisheronly purpose pv queries
query question questions quit quot raise ram ras rasaddr rate ratecontrol reach read readdir reading
ready readytimeout realm realpath realtime realtimeandtracecollection realtimeservice realtimeservice2
reason reasoncodestring reasoninfo reasonstring reatime record recordlength recovery redirects refresh
refreshing refusal refuse refused refuses regenerate regenerated register registered registration
registrationattempts registrationdynamic reinstalled reject rejected rejectunauthorized rel related
relative release releases reltext reltime remote remotecmserver1 remotecmserver2 remotecmserver3
remotefolder remove removensprefix rename renew renewed replaced replication replicator reply report req
request requestcert requested requesting requests requires reserved reset resetphone resolve resolved
resource response rest restart restarted restarting restartphone restservice result resultset return
returncode returned returnedtags revoked revokedcertificates right ris risservice70 role rolecount roles
roll rollback rollbackfalse rollbackparameter rollbacktopregrayback rollbacktrue root route row rows
rowsperpage rsa run running same sast save say says schedule schedulelist schema
schemafileselectionresult schemas scope script scripts sdi search searchcriteria searching
searchingerror searchstr searchstring seclevel secrets secure secureconnect security
securityconfigurationx securityprofilename see seen seenin select selectby selectcmdevice
selectcmdeviceext selectcmdeviceresponse selectcmdeviceresult selectcmdevicereturn selection selectitems
selectlogfiles selectlogfilesresponse selects self send sending sent sep serial serialnumber server
serverhostkey servername servers serves service serviceability serviceinfolist servicelist servicelogs
servicename serviceparameter services servicestart servicestatus servicestop session sessionclosed
sessionended sessionlost sessions set setoffiles setstat setting settings settled sftp sgn sha sha1 sha2
sha256 sha384 sha512 shake shell show showed showhome shown shows side sign signal signature
signaturealgoinfo signaturealgorithm signaturealgortithm signatureinfo signaturemodulus signed signer
signerid signername signs silence silencems silent silentend since single sip size skip slow slv
snapshot snapshoterror so soap soapaction soapdocontrolservices soapdocontrolservicesreturn soapenv
soapfault soapgetservicestatus soapgetservicestatusreturn socket sockets software some somebody
something sort sortcolumn source sources space span spdefault speaks specified spellings spells spki sql
sqlerror ssh ssh2 ssl st stale staleconnectionerror stamp standard stands stars start started startedat
starting starttime stat state stateinfo statement status statuspath statusreason stays still stop
stoppable stopped stopping stops store stored storefield stores str stream string style subject
subjectname submit subscriber success successfully such summary supported syntax syscolumns systables
system systemlogs systemnode tabid table tabname tag tags take takes target tcp td tech techprefix tell
tells text textoffile tftp tftpencryptedconfig tftphttp tftpnotauthorized tftptimeout th than that the
them then there these this though through time timed timeout timeoutms timer timestamp timetolive
timezone title tkcertificateoperation tkcertificateservice tkcertificatestatus tkclass tkdeviceprotocol
tkitlstate tkmodel tknodeusage tkprocessnoderole tksupportsfeature tktrustrole tl tls tlsclienterror
tlsv1 tlv to todate token tomcat too took toolargeerror tostring tr trace tracelevel tracking trackingid
transfer transitional transport trim trimvalues true trunk trust trusted trustlistfailed trustlistpages
trustlistupdated trusts try trykeyboard turned tvs tvscertificate tvshandlequerycertreq tvslinkerror
tvsphonedecodemsg tvssslhandshake twice two txt type typecertificateservice typemodel
typesupportsfeature typetrustrole unanswered unauthorized unavailable undefined under understood unified
unique unit unknown unreachable unread unregistered unsigned unsuccessfully until up update updated
updatelocaldbcache upload uploaded uploadpath upper uptime url urlencoded usage usages usb use used user
usercategories userexception username uses using utc utf utf8 utils uuid v1 v3 v4 valid validity value
values var ver verification verified verifier verify version versionrefused versions video voice vouched
vt100 wait waited waiters waiting waits want wanted was way ways weak web webforms welcome well what
where which while whose wide window wire with within without withrsa word words work works would write
written wrong wrote www x509 xml xmldefault xmlerror xmlns xmlsoap yes you zip zipinfo zone
`
    .trim()
    .split(/\s+/),
);

/** Terms with signs or numbers in them. */
const LITERALS: ReadonlySet<string> = new Set(
  (
    "UTF-8 W3C www.cisco.com schemas.cisco.com schemas.xmlsoap.org www.w3.org j_username j_password j_security_check " +
    "SHA1withRSA SHA256withRSA SHA512withRSA 1024 2048 3072 4096 RISService70 EnterpriseWideData"
  ).split(" "),
);

export const isLiteral = (text: string): boolean => LITERALS.has(text);

/** Whether it is a word of the vocabulary, or put together of such: `ControlCenterServices`. */
export function isWord(text: string): boolean {
  if (VOCABULARY.has(text.toLowerCase())) return true;
  if (!/^[A-Za-z]{1,64}$/.test(text)) return false;
  const parts = text.match(/[A-Z]+(?![a-z])|[A-Z]?[a-z]+/g) ?? [];
  return parts.length > 1 && parts.every((part) => VOCABULARY.has(part.toLowerCase()));
}
